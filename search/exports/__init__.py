"""What a search finds, as a file: in its order, streamed, with the recipe of how it was found."""
