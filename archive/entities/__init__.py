"""Persons, organisations and places: finding their names in text and joining the forms."""
