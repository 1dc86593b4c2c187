"""Wire families in the store: articles placed in stories, stories counted, shown, found anew."""
