"""The tables of the store."""

from archive.models.alert import Alert, Arrival, Told
from archive.models.article import Article, ArticleVersion, Original
from archive.models.entity import Entity, Form, Kind, Mention
from archive.models.family import (
    Family,
    FamilyDecision,
    FamilyEdit,
    FamilySuggestion,
    Membership,
    Shingle,
    Sketch,
)
from archive.models.job import Job, Outcome, PendingChange
from archive.models.quote import Quote
from archive.models.report import ReaderReport
from archive.models.saved import SavedSearch
from archive.models.source import Agency, Credit, FormerSource, Source, called, unique_slug
from archive.models.suggestion import MergeSuggestion

__all__ = [
    "Agency",
    "Alert",
    "Arrival",
    "Article",
    "ArticleVersion",
    "Credit",
    "Entity",
    "Family",
    "FamilyDecision",
    "FamilyEdit",
    "FamilySuggestion",
    "Form",
    "FormerSource",
    "Job",
    "Kind",
    "Membership",
    "Mention",
    "MergeSuggestion",
    "Original",
    "Outcome",
    "PendingChange",
    "Quote",
    "ReaderReport",
    "SavedSearch",
    "Shingle",
    "Sketch",
    "Source",
    "Told",
    "called",
    "unique_slug",
]
