"""Wire families: which articles are versions of one story, by what that is known, who decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Family(models.Model):
    """One story that several articles are versions of. Its number is what `story:` asks for."""

    preferred_source = models.ForeignKey(
        "archive.Source",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_(
            "Its version leads the story. Empty: the first published does, of undated ones "
            "the longest."
        ),
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, related_name="merged", null=True, blank=True, editable=False
    )
    # Of public articles only: readers see these.
    lead = models.ForeignKey(
        "archive.Article", models.SET_NULL, related_name="+", null=True, editable=False
    )
    version_count = models.PositiveIntegerField(default=0, editable=False)
    source_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-version_count", "-id"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [models.Index(fields=["-version_count", "-id"], name="family_versions")]

    def __str__(self) -> str:
        return gettext("Story %(number)s") % {"number": self.pk}

    @property
    def is_shown(self) -> bool:
        """Whether readers hear of it: a story of one public article is that article."""
        return self.version_count > 1


class Membership(models.Model):
    """An article is a version of a story; of no more than one."""

    class Decided(models.TextChoices):
        MACHINE = "machine", _("found")
        CURATOR = "curator", _("decided by a curator")

    article = models.OneToOneField(
        "archive.Article", models.CASCADE, related_name="membership", primary_key=True
    )
    family = models.ForeignKey(Family, models.CASCADE, related_name="memberships")
    decided = models.CharField(max_length=10, choices=Decided, default=Decided.MACHINE)
    likeness = models.FloatField(
        null=True, blank=True, help_text="Shared with the version most like it, of the shorter."
    )

    def __str__(self) -> str:
        return f"Article {self.article_id} in story {self.family_id}"


class Sketch(models.Model):
    """By what the text of an article is recognised, and which text that was."""

    article = models.OneToOneField(
        "archive.Article", models.CASCADE, related_name="sketch", primary_key=True
    )
    version = models.PositiveSmallIntegerField(help_text="Of the way texts are read.")
    checksum = models.BigIntegerField(help_text="Of all its shingles.")
    shingles = models.BinaryField(help_text="The lowest, as 32-bit numbers.")

    class Meta:
        indexes = [models.Index(fields=["version"], name="sketch_version")]

    def __str__(self) -> str:
        return f"Sketch of article {self.article_id}"


class Shingle(models.Model):
    """In which articles a shingle is one of the lowest: the sketches turned round.

    Without a reference to the article, which would need an index of its own: forty rows an article.
    """

    pk = models.CompositePrimaryKey("shingle", "article_id")
    shingle = models.IntegerField()
    article_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.shingle} in article {self.article_id}"


class FamilyEdit(models.Model):
    """What a curator did to stories: split off, joined, kept apart; it can be taken back."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("split off")
        JOIN = "join", _("joined")
        APART = "apart", _("kept apart")

    kind = models.CharField(max_length=5, choices=Kind)
    before = models.JSONField(
        default=dict, help_text="Article to story, and who decided, as it was; what was merged."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"


class FamilyDecision(models.Model):
    """Two articles are one story, or are not, for a curator said so: it holds for ever."""

    article = models.ForeignKey(
        "archive.Article", models.CASCADE, related_name="+", help_text="The lower number."
    )
    other = models.ForeignKey("archive.Article", models.CASCADE, related_name="+")
    is_together = models.BooleanField()
    edit = models.ForeignKey(FamilyEdit, models.CASCADE, related_name="decisions")
    superseded_by = models.ForeignKey(
        FamilyEdit, models.SET_NULL, related_name="superseded", null=True, blank=True
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="family_decision_in_order", condition=Q(article__lt=F("other"))
            ),
            models.UniqueConstraint(
                fields=["article", "other"],
                condition=Q(superseded_by=None),
                name="family_decision_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {'and' if self.is_together else 'apart from'} {self.other_id}"


class FamilySuggestion(models.Model):
    """Two articles that may be one story, too little alike for the machine; what a curator decided."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted: one story")
        REJECTED = "rejected", _("rejected for ever")
        LATER = "later", _("put off")

    article = models.ForeignKey(
        "archive.Article", models.CASCADE, related_name="+", help_text="The lower number."
    )
    other = models.ForeignKey("archive.Article", models.CASCADE, related_name="+")
    score = models.FloatField(help_text="How near they are to what the machine joins.")
    evidence = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    edit = models.ForeignKey(
        FamilyEdit,
        models.SET_NULL,
        related_name="suggestions",
        null=True,
        blank=True,
        help_text="What the decision did; taken back, the question is open again.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-score", "id"]
        verbose_name = _("possible story")
        verbose_name_plural = _("possible stories")
        indexes = [models.Index(fields=["status", "-score"], name="family_suggestion_score")]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="family_suggestion_once"),
            models.CheckConstraint(
                name="family_suggestion_in_order", condition=Q(article__lt=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} / {self.other_id}"
