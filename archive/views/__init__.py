"""The public pages of the store."""
