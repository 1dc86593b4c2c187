"""Articles written to order for the tests of the search, with their names marked as mentions."""

from __future__ import annotations

from archive.entities.counts import refresh_counts
from archive.families.settling import settle
from archive.models import (
    Article,
    Entity,
    Family,
    Form,
    Kind,
    Membership,
    Mention,
    PendingChange,
)
from archive.tests.factories import ArticleFactory
from archive.text.normalise import form_key
from search.engines.base import Engine, SearchRequest
from search.query import parse_query


def publish(engine: Engine, body: str, **fields: object) -> Article:
    """One public article, indexed; `names` marks persons, `places` and `organisations` theirs.

    Each is a dict of the form in the text to the entity's own name.
    """
    article = write(body, **fields)
    engine.apply([article.pk], [])
    return article


def write(body: str, **fields: object) -> Article:
    """One public article in the store that the index has not heard of."""
    marked = {
        kind: fields.pop(option, {})
        for option, kind in (
            ("names", Kind.PERSON),
            ("organisations", Kind.ORGANISATION),
            ("places", Kind.PLACE),
        )
    }
    article: Article = ArticleFactory(body=body, **fields)
    for kind, forms in marked.items():
        for form, name in forms.items():
            mark(article, form, name, kind)
    return article


def tell_as_one(*articles: Article) -> int:
    """Make the articles versions of one story; its number. The index has not heard of it."""
    story = Family.objects.create()
    for article in articles:
        Membership.objects.update_or_create(article=article, defaults={"family": story})
    settle([story.pk])
    return int(story.pk)


def mark(article: Article, form: str, name: str, kind: str) -> None:
    """Mark every place where a form stands in headline or body as a mention of an entity."""
    entity, _ = Entity.objects.get_or_create(
        kind=kind, name=name, defaults={"sort_key": form_key(name)}
    )
    for text in (form, name):
        Form.objects.get_or_create(entity=entity, text=text, defaults={"key": form_key(text)})
    for field in (Mention.Field.HEADLINE, Mention.Field.BODY):
        text = getattr(article, field)
        start = text.find(form)
        while start >= 0:
            Mention.objects.create(
                article=article,
                entity=entity,
                form=entity.forms.get(text=form),
                field=field,
                start=start,
                end=start + len(form),
                extractor="test",
            )
            start = text.find(form, start + len(form))
    refresh_counts([entity.pk])


def wait_for_index(*articles: Article) -> None:
    """Put the articles in the outbox, as the store does when it changes them."""
    PendingChange.objects.bulk_create(
        PendingChange(article_id=article.pk, action=PendingChange.Action.INDEX)
        for article in articles
    )


def found(index, query: str) -> set[str]:
    """Headlines of the hits of a query as it is typed, nothing widened."""
    hits = index.search(SearchRequest(query=parse_query(query).node, limit=200)).hits
    return {hit.headline.replace("<mark>", "").replace("</mark>", "") for hit in hits}
