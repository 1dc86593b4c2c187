"""From files to stored articles: every format, one way in."""
