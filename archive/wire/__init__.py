"""Wire copy: which agency supplied an article, and which articles are the same story."""
