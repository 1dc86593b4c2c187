"""Persons, organisations and places; the forms they are written in; where each is mentioned."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.addresses import entity_address
from archive.collation import ORDERS
from archive.models.fields import CollationKeyField
from archive.querysets import EntityQuerySet, FormQuerySet
from archive.text.normalise import LONGEST_KEY

#: An identifier of Wikidata: "Q" and a number.
WIKIDATA_ID = r"^Q[1-9][0-9]*\Z"


class Kind(models.TextChoices):
    """What an entity is."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    PLACE = "place", _("place")
    OTHER = "other", _("other")


class Entity(models.Model):
    """One person, organisation or place, whatever its spellings."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        REJECTED = "rejected", _("rejected: not a name")
        MERGED = "merged", _("merged into another")

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(
        max_length=LONGEST_KEY, editable=False, blank=True, help_text="Folded name, for looking up."
    )
    description = models.CharField(max_length=500, blank=True)
    wikidata_id = models.CharField(
        _("Wikidata id"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(WIKIDATA_ID, _("A Wikidata id is a Q and a number, such as Q42."))
        ],
        help_text=_("The Q number of the item that is the same, such as Q42."),
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True
    )
    is_curated = models.BooleanField(
        default=False,
        help_text=_("A curator has decided something about it; machines leave it alone."),
    )
    article_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Public articles that mention it."
    )
    # Where the name stands in the register of Danish and Norwegian, Swedish, and other readers.
    place_da = CollationKeyField("da")
    place_sv = CollationKeyField("sv")
    place_en = CollationKeyField("en")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("entities")
        indexes = [
            models.Index(fields=["status", "kind", "-article_count"], name="entity_kind_count"),
            models.Index(fields=["kind", "sort_key"], name="entity_sort_key"),
            *(
                models.Index(
                    fields=["kind", f"place_{order}"],
                    condition=Q(status="active", article_count__gt=0),
                    name=f"entity_listed_{order}",
                )
                for order in ORDERS
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="entity_merged_has_target",
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return entity_address(self.pk, self.name)


class Form(models.Model):
    """One spelling under which an entity is written."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="forms")
    text = models.CharField(max_length=200)
    key = models.CharField(
        max_length=LONGEST_KEY,
        db_index=True,
        editable=False,
        help_text="Case, apostrophe, hyphen and genitive taken away.",
    )
    is_curated = models.BooleanField(default=False)
    is_found = models.BooleanField(
        default=False,
        editable=False,
        help_text="Articles wrote it so before a curator decided about it: readers see it while a "
        "public one does. One that a curator gave they see in any case.",
    )
    rule = models.CharField(
        max_length=20,
        blank=True,
        default="",
        editable=False,
        help_text="How it was joined to the entity where it stood beside a fuller name; such a "
        "form alone does not find the entity elsewhere. Empty: a name by itself.",
    )

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ["text"]
        constraints = [models.UniqueConstraint(fields=["entity", "text"], name="form_once")]
        # For the register: the few spellings filed under another letter than their name.
        indexes = [models.Index(fields=["is_curated", "rule", "key"], name="form_filed")]

    def __str__(self) -> str:
        return self.text


class Mention(models.Model):
    """One place in one article where an entity is named."""

    class Field(models.TextChoices):
        HEADLINE = "headline", _("headline")
        STANDFIRST = "standfirst", _("standfirst")
        BODY = "body", _("body")

    # Both stand first in an index below.
    article = models.ForeignKey(
        "archive.Article", models.CASCADE, related_name="mentions", db_index=False
    )
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="mentions", db_index=False)
    form = models.ForeignKey(Form, models.PROTECT, related_name="mentions")
    field = models.CharField(max_length=10, choices=Field)
    start = models.PositiveIntegerField(help_text=_("Characters from the start of the field."))
    end = models.PositiveIntegerField()
    confidence = models.FloatField(default=1.0)
    extractor = models.CharField(max_length=40, help_text=_("Model version, or who decided."))
    rule = models.CharField(
        max_length=20,
        blank=True,
        default="",
        help_text=_("Why the form was taken for the entity, where it is not simply its name."),
    )
    rule_confidence = models.FloatField(null=True, blank=True)
    rule_evidence = models.CharField(max_length=200, blank=True, default="")
    is_rejected = models.BooleanField(default=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["article", "field", "start"]
        indexes = [
            # Whatever is asked of one entity is answered by this index alone.
            models.Index(
                fields=["entity", "article", "is_rejected", "form"], name="mention_of_entity"
            ),
            # And so is who else stands in these articles.
            models.Index(fields=["article", "entity", "is_rejected"], name="mention_in_article"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "field", "start"], name="mention_one_a_place"
            ),
            models.CheckConstraint(
                name="mention_has_length", condition=Q(end__gt=models.F("start"))
            ),
        ]

    def __str__(self) -> str:
        named = {"form": self.form, "number": self.article_id}
        return gettext("“%(form)s” in article %(number)s") % named
