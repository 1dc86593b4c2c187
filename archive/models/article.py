"""An article with its metadata, its original bytes and its former versions."""

import zlib
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.addresses import article_address
from archive.dates import UNKNOWN, PartialDate
from archive.models.job import shown_locator
from archive.querysets import ArticleQuerySet

#: A list asks several times for each of its dates.
_read_date = lru_cache(maxsize=2000)(PartialDate.parse)


class Original(models.Model):
    """The bytes an article came from, kept whole (compressed), one row for the same bytes."""

    sha256 = models.CharField(max_length=64, unique=True)
    compressed = models.BinaryField(help_text="zlib")
    size = models.PositiveBigIntegerField(help_text=_("Bytes before compression."))
    media_type = models.CharField(max_length=100, default="text/plain")
    encoding = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=500, help_text=_("File name, with #line for one of many."))

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return shown_locator(self.name)

    @property
    def data(self) -> bytes:
        """The original bytes."""
        return zlib.decompress(bytes(self.compressed))


class Article(models.Model):
    """One news article."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("published")
        RESTRICTED = "restricted", _("restricted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        TRASH = "trash", _("in the trash")

    class Decided(models.TextChoices):
        MACHINE = "machine", _("detected")
        RECORD = "record", _("given by the record")
        CURATOR = "curator", _("decided by a curator")

    class DateOrigin(models.TextChoices):
        NONE = "", _("no date found")
        HEAD = "head", _("head of the file")
        JSON = "json", _("field of the record")
        TEXT = "text", _("date line in the text")
        CURATOR = "curator", _("decided by a curator")

    class Precision(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        YEAR = "year", _("year")
        MONTH = "month", _("month")
        DAY = "day", _("day")
        MINUTE = "minute", _("minute")

    identity = models.CharField(
        max_length=80,
        unique=True,
        editable=False,
        help_text=_(
            "Under which a record is known again: its id within its source, its url, or a "
            "hash of its text."
        ),
    )
    file_key = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_index=True,
        editable=False,
        help_text="Hash of the file of a text without id and address: by it a corrected file is "
        "known again.",
    )
    external_id = models.CharField(max_length=300, blank=True, db_index=True)
    source = models.ForeignKey(
        "archive.Source", models.PROTECT, related_name="articles", null=True, blank=True
    )
    headline = models.CharField(max_length=500)
    standfirst = models.TextField(blank=True)
    body = models.TextField(blank=True)
    byline = models.CharField(max_length=500, blank=True)
    url = models.URLField(_("original address"), max_length=2000, blank=True)

    language = models.CharField(max_length=35, blank=True, db_index=True)
    language_confidence = models.FloatField(null=True, blank=True)
    language_decided = models.CharField(max_length=10, choices=Decided, default=Decided.MACHINE)

    date_edtf = models.CharField(
        _("date"),
        max_length=40,
        blank=True,
        help_text=_(
            "As much as is known: 2021, 2021-06, 2021-06-15, 2021-08-30T22:38, with ~ for "
            "about and ? for uncertain. Empty: unknown."
        ),
    )
    date_printed = models.CharField(max_length=200, blank=True, editable=False)
    date_origin = models.CharField(
        max_length=10, choices=DateOrigin, blank=True, default=DateOrigin.NONE
    )
    date_earliest = models.DateField(null=True, blank=True, editable=False)
    date_latest = models.DateField(null=True, blank=True, editable=False)
    date_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN, editable=False
    )
    published_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The instant, where a time is known."
    )

    status = models.CharField(
        max_length=12, choices=Status, default=Status.PUBLISHED, db_index=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    original = models.ForeignKey(
        Original, models.PROTECT, related_name="articles", null=True, blank=True, editable=False
    )
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, help_text=_("What else the record said."))
    curated_fields = models.JSONField(
        default=list, blank=True, editable=False, help_text="Fields that no import may change."
    )
    job = models.ForeignKey(
        "archive.Job", models.SET_NULL, related_name="articles", null=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = [
            F("date_earliest").desc(nulls_last=True),
            F("published_at").desc(nulls_last=True),
            "-id",
        ]
        get_latest_by = "id"
        indexes = [
            models.Index(fields=["date_earliest", "date_latest"], name="article_dates"),
            models.Index(fields=["status", "-date_earliest"], name="article_status_date"),
            # Whether a source has a public article at all is asked of every source on a page.
            models.Index(
                fields=["source", "status", "date_earliest"], name="article_source_status"
            ),
            # What was written since it was last asked.
            models.Index(fields=["updated_at"], name="article_updated"),
            # What came in lately, and whether readers may see it.
            models.Index(fields=["created_at", "status"], name="article_came_in"),
            # What articles are counted by, without their text: one narrow index instead of rows.
            models.Index(
                fields=["status", "date_earliest", "date_precision", "source", "language"],
                name="article_facts",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_date_columns_agree",
                condition=Q(date_edtf="", date_earliest=None, date_latest=None)
                | Q(date_earliest__isnull=False, date_latest__gte=F("date_earliest")),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="article_external_id_once_a_source",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return article_address(self.pk)

    @property
    def date(self) -> PartialDate:
        """What is known of the publication date."""
        return _read_date(self.date_edtf) if self.date_edtf else UNKNOWN

    @date.setter
    def date(self, value: PartialDate) -> None:
        self.date_edtf = value.edtf
        self.date_earliest, self.date_latest = value.earliest, value.latest
        self.date_precision = value.precision
        self.published_at = value.instant(get_default_timezone())

    @property
    def text(self) -> str:
        """Headline, standfirst and body as one text, a blank line between them."""
        return "\n\n".join(part for part in (self.headline, self.standfirst, self.body) if part)

    @property
    def is_public(self) -> bool:
        """Whether any reader may see it."""
        return self.status == self.Status.PUBLISHED


class ArticleVersion(models.Model):
    """The text of an article before a change: nothing that was once archived is lost."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    headline = models.CharField(max_length=500)
    standfirst = models.TextField(blank=True)
    body = models.TextField(blank=True)
    byline = models.CharField(max_length=500, blank=True)
    date_edtf = models.CharField(max_length=40, blank=True)
    original = models.ForeignKey(Original, models.PROTECT, null=True, blank=True)
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by_job = models.ForeignKey("archive.Job", models.SET_NULL, null=True, blank=True)
    replaced_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        version = gettext("version %(number)s") % {"number": self.number}
        return f"{self.headline} ({version})"
