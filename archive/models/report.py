"""What readers say is wrong, until a curator has looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReaderReport(models.Model):
    """A fault in an article or on the pages of a name, as a reader tells it."""

    class Fault(models.TextChoices):
        NAME = "name", _("a name that is missing or wrong, or two that are one")
        QUOTE = "quote", _("a quote, or who said it")
        DATE = "date", _("the date")
        SOURCE = "source", _("the source or the news agency")
        TEXT = "text", _("the text")
        OTHER = "other", _("something else")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        MENDED = "mended", _("mended")
        DISMISSED = "dismissed", _("nothing to mend")

    article = models.ForeignKey(
        "archive.Article", models.CASCADE, related_name="reports", null=True, blank=True
    )
    entity = models.ForeignKey(
        "archive.Entity", models.CASCADE, related_name="reports", null=True, blank=True
    )
    fault = models.CharField(_("what is wrong"), max_length=10, choices=Fault)
    message = models.TextField()
    contact = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("If the reader wants an answer. Shown to curators only."),
    )
    sender = models.CharField(
        max_length=40,
        editable=False,
        help_text="The same for what comes from one place on one day; tells nothing else.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    note = models.TextField(blank=True, help_text=_("What was found and done; for curators."))
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "-id"], name="report_status"),
            models.Index(fields=["sender"], name="report_sender"),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_is_about_one_thing",
                condition=Q(article__isnull=False, entity=None)
                | Q(article=None, entity__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article or self.entity}: {self.get_fault_display()}"
