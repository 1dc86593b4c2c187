"""Reading text without any model: sentences, tokens, letters, language."""
