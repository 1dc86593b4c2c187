"""The query language: text to a tree of values, and back to chips in plain words."""

from search.query.describe import Chip, render
from search.query.nodes import Node
from search.query.parser import GRAMMAR_VERSION, Message, ParsedQuery, parse_query

__all__ = ["GRAMMAR_VERSION", "Chip", "Message", "Node", "ParsedQuery", "parse_query", "render"]
