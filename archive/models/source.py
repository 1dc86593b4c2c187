"""Who published an article (source) and who supplied it (agency)."""

import re

from django.db import connection, models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from archive.addresses import named_address
from archive.querysets import AgencyQuerySet, SourceQuerySet


def called(name: str, field: str = "name") -> Q:
    """The condition that rows are called so, letters small or capital.

    SQLite's own comparison knows no capitals but those of English: there names with other letters
    are compared by Python.
    """
    if name.isascii() or connection.vendor != "sqlite":
        return Q(**{f"{field}__iexact": name})
    return Q(**{f"{field}__iregex": rf"^{re.escape(name)}$"})


def unique_slug(model: type[models.Model], text: str, *, own: int | None = None) -> str:
    """A slug of `text` that no row of `model` has yet; letters outside ASCII are spelled out.

    Nor one that a source had before: links to it lead to that source. What the row with the id
    `own` has or had itself is free to it.
    """
    spelled = text.casefold()
    for letter, ascii_form in (("æ", "ae"), ("ä", "ae"), ("ø", "oe"), ("ö", "oe"), ("å", "aa")):
        spelled = spelled.replace(letter, ascii_form)
    base = slugify(spelled)[:70] or "x"
    slug, number = base, 1
    used = [model._default_manager.exclude(pk=own)]
    if model is Source:
        used.append(FormerSource._default_manager.exclude(source=own))
    while any(rows.filter(slug=slug).exists() for rows in used):
        number += 1
        slug = f"{base}-{number}"
    return slug


class Source(models.Model):
    """A newspaper, broadcaster or site that published articles."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    language = models.CharField(
        max_length=35,
        blank=True,
        help_text=_("The language it usually writes in (da, nb, nn, sv, en …); helps detection."),
    )
    url = models.URLField(blank=True)
    description = models.TextField(blank=True)
    is_demo = models.BooleanField(
        default=False, help_text=_("An invented source of the demonstration articles.")
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return named_address("source", self.slug)


class FormerSource(models.Model):
    """A name or an address that a source had before, or one merged into it: records and links have it.

    One of the two is null where only the other has changed.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200, unique=True, null=True, blank=True)
    slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)

    class Meta:
        ordering = ["name", "slug"]
        constraints = [
            models.CheckConstraint(
                name="former_source_says_something",
                condition=models.Q(name__isnull=False) | models.Q(slug__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.slug or ""


class Agency(models.Model):
    """A news agency that supplied text or pictures."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    country = models.CharField(max_length=2, blank=True, help_text=_("ISO 3166 code, such as DK."))

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return named_address("agency", self.slug)


class Credit(models.Model):
    """One credit of an article, as data and as printed."""

    class Role(models.TextChoices):
        AGENCY = "agency", _("agency")
        ORIGINAL_AGENCY = "original_agency", _("original agency")
        PHOTO = "photo", _("photo")

    article = models.ForeignKey("archive.Article", models.CASCADE, related_name="credits")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="credits", null=True, blank=True
    )
    role = models.CharField(max_length=20, choices=Role)
    printed = models.CharField(
        max_length=300, help_text=_("The credit as it stands in the article.")
    )
    person = models.CharField(
        max_length=200, blank=True, help_text=_("The photographer, if named.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="credit_position_once")
        ]

    def __str__(self) -> str:
        return self.printed
