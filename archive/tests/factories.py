"""Makes articles, sources and entities to order for the tests."""

from __future__ import annotations

import hashlib

import factory
from factory.django import DjangoModelFactory

from archive.dates import UNKNOWN, PartialDate
from archive.models import Agency, Article, Credit, Entity, Form, Job, Kind, Mention, Source
from archive.text.normalise import form_key


class SourceFactory(DjangoModelFactory):
    """A newspaper with a name of its own."""

    class Meta:
        model = Source
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda number: f"Avis {number}")
    slug = factory.Sequence(lambda number: f"avis-{number}")


class AgencyFactory(DjangoModelFactory):
    """A news agency."""

    class Meta:
        model = Agency
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda number: f"Bureau {number}")
    slug = factory.Sequence(lambda number: f"bureau-{number}")


class ArticleFactory(DjangoModelFactory):
    """A public article; `date="2021-06"` takes any EDTF text and fills all date columns."""

    class Meta:
        model = Article

    class Params:
        date = ""

    source = factory.SubFactory(SourceFactory)
    headline = factory.Sequence(lambda number: f"Nyhed nummer {number}")
    body = "Byrådet mødtes i går."
    language = "da"
    identity = factory.Sequence(lambda number: hashlib.sha256(str(number).encode()).hexdigest())

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        article = model_class(*args, **kwargs)
        edtf = kwargs.get("date_edtf", "")
        article.date = PartialDate.parse(edtf) if edtf else UNKNOWN
        article.save(force_insert=True)
        return article

    date_edtf = factory.SelfAttribute("date")


class CreditFactory(DjangoModelFactory):
    """A credit line that names an agency."""

    class Meta:
        model = Credit

    article = factory.SubFactory(ArticleFactory)
    agency = factory.SubFactory(AgencyFactory)
    role = Credit.Role.AGENCY
    printed = factory.SelfAttribute("agency.name")
    position = factory.Sequence(lambda number: number)


class EntityFactory(DjangoModelFactory):
    """A person with a form of the same spelling; `kind=` makes it something else."""

    class Meta:
        model = Entity
        skip_postgeneration_save = True

    kind = Kind.PERSON
    name = factory.Sequence(lambda number: f"Person Nummer{number}")
    sort_key = factory.LazyAttribute(lambda entity: form_key(entity.name))
    form = factory.RelatedFactory(
        "archive.tests.factories.FormFactory",
        factory_related_name="entity",
        text=factory.SelfAttribute("..name"),
    )


class FormFactory(DjangoModelFactory):
    """A spelling of an entity."""

    class Meta:
        model = Form

    entity = factory.SubFactory(EntityFactory, form=None)
    text = factory.SelfAttribute("entity.name")
    key = factory.LazyAttribute(lambda form: form_key(form.text))


class MentionFactory(DjangoModelFactory):
    """One place in the body of an article where an entity is named."""

    class Meta:
        model = Mention

    article = factory.SubFactory(ArticleFactory)
    entity = factory.SubFactory(EntityFactory)
    form = factory.LazyAttribute(lambda mention: mention.entity.forms.first())
    field = Mention.Field.BODY
    start = factory.Sequence(lambda number: number * 10)
    end = factory.LazyAttribute(lambda mention: mention.start + len(mention.form.text))
    extractor = "test"


class JobFactory(DjangoModelFactory):
    """A job that waits."""

    class Meta:
        model = Job

    label = factory.Sequence(lambda number: f"Job {number}")
