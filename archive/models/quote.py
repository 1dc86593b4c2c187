"""Quoted words with the mention of whoever is said to speak them."""

from django.db import models
from django.db.models import F, Q

from archive.models.entity import Mention


class Quote(models.Model):
    """Quoted words in one field of an article, without their marks or dash.

    Who speaks is whatever entity the speaker's mention stands for today: a merge, an unmerge or a
    curator's correction of the mention holds for the quote too.
    """

    article = models.ForeignKey("archive.Article", models.CASCADE, related_name="quotes")
    field = models.CharField(max_length=10, choices=Mention.Field)
    start = models.PositiveIntegerField(help_text="Characters from the start of the field.")
    end = models.PositiveIntegerField()
    speaker = models.ForeignKey(
        Mention,
        models.SET_NULL,
        related_name="quotes",
        null=True,
        blank=True,
        help_text="The place that names the speaker; none where it is not clear who speaks.",
    )
    cue = models.CharField(max_length=40, blank=True, help_text="The verb of saying.")
    confidence = models.FloatField(default=1.0)
    extractor = models.CharField(max_length=40, help_text="Version of the rules that found it.")

    class Meta:
        ordering = ["article", "field", "start"]
        constraints = [
            models.UniqueConstraint(fields=["article", "field", "start"], name="quote_one_a_place"),
            models.CheckConstraint(name="quote_has_length", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return f"Quote in {self.article_id} ({self.field}, {self.start})"
