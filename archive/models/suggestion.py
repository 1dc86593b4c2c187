"""Pairs of entities that may be one: found by machine, decided by a curator, never asked twice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.models.entity import Entity


class MergeSuggestion(models.Model):
    """Two entities that may be one, with the evidence for it and what a curator decided."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted: merged")
        REJECTED = "rejected", _("rejected for ever")
        LATER = "later", _("put off")

    left = models.ForeignKey(
        Entity, models.CASCADE, related_name="+", help_text="The one with the lower number."
    )
    right = models.ForeignKey(Entity, models.CASCADE, related_name="+")
    score = models.FloatField(help_text="How likely they are one, by the evidence.")
    evidence = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        indexes = [models.Index(fields=["status", "-score"], name="suggestion_status_score")]
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="suggestion_once"),
            models.CheckConstraint(name="suggestion_in_order", condition=Q(left__lt=F("right"))),
        ]

    def __str__(self) -> str:
        return f"{self.left} / {self.right}"
