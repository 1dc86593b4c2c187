"""Dates of the interface in each of its languages, written as archive.dates writes those of articles."""
