"""The shape a query may have: what bounds its cost, since no time limit can."""

#: Characters and words of a query, and how deep its parentheses may stand.
LONGEST_QUERY = 512
MOST_WORDS = 64
DEEPEST = 8
#: Letters before a `*`, and around a wildcard; words of the index that one pattern may stand for.
SHORTEST_PREFIX = 3
MOST_EXPANSIONS = 200
#: The same of all patterns of one query together.
MOST_EXPANSIONS_IN_ALL = 400
#: Patterns (prefixes, wildcards, fuzzy words) of one query.
MOST_PATTERNS = 8
#: Edits of a fuzzy word, and the letters it must have.
MOST_EDITS = 2
SHORTEST_FUZZY = 5
#: Occurrences that `atleast` can ask for, words that NEAR can reach over.
MOST_OCCURRENCES = 100
FARTHEST = 100
