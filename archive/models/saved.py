"""Searches that users keep: what was asked, and which version of the query language read it."""

from django.conf import settings
from django.db import models


class SavedSearch(models.Model):
    """One search of one user. The store keeps it as text: what it means is for the search to say."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=200)
    parameters = models.TextField(
        blank=True, help_text="The address of the results after the question mark."
    )
    query = models.TextField(blank=True, help_text="The query as typed.")
    read_as = models.TextField(blank=True, help_text="The query as it was read when it was saved.")
    grammar_version = models.PositiveIntegerField(
        help_text="The version of the query language that read it."
    )
    count = models.PositiveIntegerField(help_text="Articles found when it was saved.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "saved searches"
        # Nobody's but the user's own: there is nothing to be permitted in the admin.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_search_name_once_a_user")
        ]

    def __str__(self) -> str:
        return self.name
