"""Alerts: which saved searches are mailed, when articles came in, and what was mailed already."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Arrival(models.Model):
    """Since when readers can find an article; the numbers are in the order in which they could.

    Written under the lock of the index, after it has the article: whoever has seen number n will
    never see a lower one appear. What is no longer public has none; when it comes back it gets a
    new one, and so does an article whose text an import has changed.
    """

    article = models.OneToOneField("archive.Article", models.CASCADE, related_name="arrival")
    at = models.DateTimeField(default=timezone.now)
    first = models.BigIntegerField(
        null=True, help_text=_("The number it came in with, where only its text has changed since.")
    )
    revision = models.PositiveIntegerField(
        default=0, help_text=_("How often an import had changed the text.")
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Article {self.article_id} as number {self.pk}"

    @property
    def came_in(self) -> int:
        """The number under which the article itself, whatever its text, came in."""
        return self.first or self.pk


class Alert(models.Model):
    """What a saved search finds from now on, sent to its user by e-mail."""

    class Frequency(models.TextChoices):
        NONE = "", _("stopped")
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("daily")
        WEEKLY = "weekly", _("weekly")

    class Problem(models.TextChoices):
        NONE = "", _("none")
        GRAMMAR = "grammar", _("means something else in this version of the query language")
        UNREADABLE = "unreadable", _("cannot be read any more")

    saved = models.OneToOneField("archive.SavedSearch", models.CASCADE, related_name="alert")
    frequency = models.CharField(max_length=10, choices=Frequency, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        max_length=10, help_text=_("Of the interface, and so of the mails.")
    )
    begun = models.BigIntegerField(help_text=_("The last arrival before it began."))
    told_to = models.BigIntegerField(help_text=_("The last arrival it was looked at with."))
    started_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(
        _("last looked at"), null=True, blank=True, help_text=_("And all was well.")
    )
    sent_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    sent_count = models.PositiveIntegerField(_("mails"), default=0)
    problem = models.CharField(max_length=12, choices=Problem, blank=True)
    error = models.TextField(_("last error"), blank=True)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    failures = models.PositiveIntegerField(
        _("refused"), default=0, help_text=_("Refused mails since the last that was taken.")
    )

    class Meta:
        ordering = ["saved"]
        # Curators see them in the admin by their other permissions; nobody writes them there.
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="alert_told_from_its_beginning", condition=Q(told_to__gte=F("begun"))
            ),
            models.CheckConstraint(
                name="alert_is_stopped_or_not",
                condition=Q(frequency="", stopped_at__isnull=False)
                | (~Q(frequency="") & Q(stopped_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.saved}: {self.get_frequency_display()}"

    @property
    def is_on(self) -> bool:
        """Whether it sends mails."""
        return bool(self.frequency)


class Told(models.Model):
    """An article that a mail of an alert has told of, and with which text."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="told")
    article = models.ForeignKey("archive.Article", models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["alert", "article"], name="told_once_an_alert")
        ]

    def __str__(self) -> str:
        return f"Article {self.article_id} by alert {self.alert_id}"
