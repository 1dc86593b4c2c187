"""Curators' decisions about articles: written whole, remembered, and told to the index."""

import datetime as dt
import zlib
from pathlib import Path

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth import get_user_model

from archive import curation
from archive.dates import PartialDate
from archive.entities import curate_mentions
from archive.entities.decisions import move_decisions
from archive.ingest import jobs
from archive.models import (
    Article,
    Entity,
    Mention,
    Original,
    Outcome,
    PendingChange,
    Source,
)
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db
Status = Article.Status


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("kirsten", is_staff=True)


def announced() -> list[tuple[int, str]]:
    """What the index was told, in order."""
    return list(PendingChange.objects.order_by("pk").values_list("article_id", "action"))


def import_text(folder: Path, text: str) -> Article:
    """The article that this file becomes, through the same door as always."""
    path = folder / "artikel.txt"
    path.write_text(text, encoding="utf-8")
    job = jobs.run_job(jobs.new_job([path]))
    outcome = Outcome.objects.get(job=job)
    assert outcome.article is not None, outcome.reason
    return outcome.article


# -- many at once ----------------------------------------------------------------------------------


def test_a_source_is_set_on_all_and_remembered_against_imports(curator):
    old, new = SourceFactory(), SourceFactory(name="Nordposten")
    articles = [ArticleFactory(source=old) for _ in range(3)]
    already = ArticleFactory(source=new)
    effect = curation.set_source(Article.objects.all(), new, user=curator)
    assert (effect.changed, effect.unchanged, effect.refused) == (3, 1, 0)
    for article in articles:
        article.refresh_from_db()
        assert article.source == new
        assert article.curated_fields == ["source"]
    already.refresh_from_db()
    assert already.curated_fields == []
    assert sorted(announced()) == [(article.pk, "index") for article in articles]
    entry = LogEntry.objects.get(object_id=str(articles[0].pk))
    assert entry.user == curator
    assert entry.change_message == f"Source: {old.name} → Nordposten"


def test_a_dry_run_says_the_same_and_writes_nothing(curator):
    article = ArticleFactory()
    before = Article.objects.values().get()
    for look in (True, False):
        effect = curation.set_language(Article.objects.all(), "nn", user=curator, dry_run=look)
        assert effect.changed == 1
        if look:
            assert Article.objects.values().get() == before
            assert not PendingChange.objects.exists()
            assert not LogEntry.objects.exists()
    article.refresh_from_db()
    assert (article.language, article.language_decided) == ("nn", "curator")
    assert article.language_confidence is None


def test_an_external_id_that_the_source_has_already_is_refused_with_its_reason():
    one, two = SourceFactory(), SourceFactory()
    ArticleFactory(source=two, external_id="77")
    ArticleFactory(source=one, external_id="77")
    free = ArticleFactory(source=one, external_id="78")
    effect = curation.set_source(Article.objects.filter(source=one), two)
    assert (effect.changed, effect.refused) == (1, 1)
    assert "same id" in effect.reason
    free.refresh_from_db()
    assert free.source == two
    assert Article.objects.filter(source=one).count() == 1


def test_two_articles_with_one_id_from_two_sources_do_not_both_move():
    target = SourceFactory()
    for _ in range(2):
        ArticleFactory(external_id="5")
    effect = curation.set_source(Article.objects.all(), target)
    assert (effect.changed, effect.refused) == (1, 1)


def test_setting_a_date_fills_every_column_of_the_date():
    ArticleFactory(date="2020")
    curation.set_date(Article.objects.all(), PartialDate.parse("2021-06~"))
    article = Article.objects.get()
    assert (article.date_edtf, article.date_origin) == ("2021-06~", "curator")
    assert (article.date_earliest, article.date_latest) == (
        dt.date(2021, 6, 1),
        dt.date(2021, 6, 30),
    )
    assert article.date_precision == "month"
    assert article.published_at is None
    curation.set_date(Article.objects.all(), PartialDate.parse("2021-06-15T22:38+02:00"))
    article = Article.objects.get()
    assert article.published_at == dt.datetime(2021, 6, 15, 20, 38, tzinfo=dt.UTC)
    curation.set_date(Article.objects.all(), PartialDate.parse(""))
    article = Article.objects.get()
    assert (article.date_edtf, article.date_earliest, article.date_precision) == (
        "",
        None,
        "unknown",
    )


def test_a_withdrawal_needs_a_reason():
    ArticleFactory()
    with pytest.raises(ValueError, match="reason"):
        curation.set_status(Article.objects.all(), Status.WITHDRAWN, reason="  ")
    assert Article.objects.get().status == Status.PUBLISHED


def test_a_withdrawn_article_leaves_the_index_and_the_counts_and_comes_back():
    mention = MentionFactory(article=ArticleFactory())
    curation.set_status(Article.objects.all(), Status.WITHDRAWN, reason="Fejl i sagen")
    article = Article.objects.get()
    assert article.withdrawn_at is not None
    assert article.withdrawn_reason == "Fejl i sagen"
    assert announced() == [(article.pk, "remove")]
    assert Entity.objects.get(pk=mention.entity_id).article_count == 0
    curation.set_status(Article.objects.all(), Status.PUBLISHED)
    article = Article.objects.get()
    assert (article.withdrawn_at, article.withdrawn_reason) == (None, "")
    assert announced()[-1] == (article.pk, "index")
    assert Entity.objects.get(pk=mention.entity_id).article_count == 1


def test_a_withdrawn_article_is_still_withdrawn_when_it_leaves_the_trash():
    withdrawn, other = ArticleFactory(), ArticleFactory()
    one = Article.objects.filter(pk=withdrawn.pk)
    curation.set_status(one, Status.WITHDRAWN, reason="Ophavsret")
    when = one.get().withdrawn_at
    curation.set_status(Article.objects.all(), Status.TRASH)
    assert curation.restore(Article.objects.all(), Status.PUBLISHED).changed == 2
    withdrawn.refresh_from_db()
    other.refresh_from_db()
    assert (withdrawn.status, withdrawn.withdrawn_reason) == (Status.WITHDRAWN, "Ophavsret")
    assert withdrawn.withdrawn_at == when
    assert other.status == Status.PUBLISHED


def test_many_articles_take_few_queries(django_assert_max_num_queries):
    for _ in range(40):
        ArticleFactory()
    with django_assert_max_num_queries(12):
        curation.set_status(Article.objects.all(), Status.RESTRICTED)


def test_only_what_lies_in_the_trash_is_deleted_for_good(curator):
    original = Original.objects.create(
        sha256="0" * 64, compressed=zlib.compress(b"tekst"), size=5, name="a.txt"
    )
    shared = Original.objects.create(
        sha256="1" * 64, compressed=zlib.compress(b"flere"), size=5, name="b.jsonl"
    )
    gone = ArticleFactory(status=Status.TRASH, original=original, headline="Væk")
    also = ArticleFactory(status=Status.TRASH, original=shared)
    kept = ArticleFactory(original=shared)
    MentionFactory(article=gone)
    assert curation.delete_for_good(Article.objects.all(), user=curator) == 2
    assert list(Article.objects.all()) == [kept]
    assert list(Original.objects.all()) == [shared]
    assert (gone.pk, "remove") in announced()
    assert (also.pk, "remove") in announced()
    entry = LogEntry.objects.get(action_flag=DELETION, object_repr="Væk")
    assert entry.object_id == str(gone.pk)


# -- one article -----------------------------------------------------------------------------------


def test_a_changed_text_keeps_the_former_one_and_names_are_read_anew(curator, tmp_path):
    article = import_text(
        tmp_path, "Headline: Møde i byrådet\nLanguage: da\n\nStatsminister Mette Frederiksen kom.\n"
    )
    job_before = article.job
    article.body = "Finansminister Nicolai Wammen kom. Han talte længe."
    curation.save_article(article, ["body"], user=curator)
    version = article.versions.get()
    assert version.number == 1
    assert version.body == "Statsminister Mette Frederiksen kom."
    assert version.replaced_by_user == curator
    assert version.original == article.original
    assert article.curated_fields == ["body"]
    assert article.job == job_before
    names = {mention.entity.name for mention in article.mentions.select_related("entity")}
    assert "Nicolai Wammen" in names
    assert "Mette Frederiksen" not in names
    for mention in article.mentions.all():
        assert mention.end <= len(getattr(article, mention.field))
    assert Entity.objects.get(name="Mette Frederiksen").article_count == 0
    assert announced()[-1] == (article.pk, "index")


def test_a_changed_byline_keeps_a_version_and_a_changed_date_does_not(curator):
    article = ArticleFactory()
    article.date_edtf = "2021-06"
    curation.save_article(article, ["date_edtf"], user=curator)
    assert not article.versions.exists()
    assert article.date_earliest == dt.date(2021, 6, 1)
    assert article.date_origin == "curator"
    article.byline = "Af Karen Holm"
    curation.save_article(article, ["byline"], user=curator)
    assert article.versions.get().date_edtf == "2021-06"


def test_no_import_changes_what_a_curator_decided(curator, tmp_path):
    text = "Headline: Ny bro\nDate: 2021-06\nURL: https://avis.example/bro\n\nBroen åbner i {}.\n"
    article = import_text(tmp_path, text.format("maj"))
    article.headline, article.date_edtf = "Ny bro over fjorden", "2021-06-11"
    curation.save_article(article, ["headline", "date_edtf"], user=curator)
    again = import_text(tmp_path, text.format("juli"))
    assert again.pk == article.pk
    assert again.body == "Broen åbner i juli."
    assert again.headline == "Ny bro over fjorden"
    assert again.date_edtf == "2021-06-11"
    curation.set_status(Article.objects.all(), Status.TRASH, user=curator)
    assert import_text(tmp_path, text.format("august")).status == Status.TRASH


def test_an_article_written_by_hand_has_an_identity_a_language_and_names(curator):
    article = Article(
        headline="Regeringen mødes i Oslo",
        body="Statsminister Erna Solberg møter pressen i Oslo etter at regjeringen ble enig.",
    )
    curation.save_article(article, ["headline", "body"], user=curator)
    assert article.identity.startswith("hand:")
    assert article.language == "nb"
    assert article.language_decided == "machine"
    assert article.mentions.filter(entity__name="Erna Solberg").exists()
    assert announced() == [(article.pk, "index")]


# -- decisions about mentions ----------------------------------------------------------------------


def decided(article: Article, text: str, field: str = "body", occurrence: int = 0) -> Mention:
    """A mention of these words that a curator has rejected."""
    start = -1
    for _ in range(occurrence + 1):
        start = getattr(article, field).index(text, start + 1)
    entity = EntityFactory(name=text)
    return MentionFactory(
        article=article, entity=entity, field=field, start=start, end=start + len(text),
        is_rejected=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "occurrence", "place"),
    [
        ("Bo Holm kom. Regn.", "Bo Holm kom. Sol og vind.", 0, 0),
        ("Regn. Bo Holm kom.", "Sol og vind. Bo Holm kom.", 0, 13),
        ("Bo Holm og Bo Holm.", "Nu Bo Holm og så Bo Holm.", 1, 17),
        ("Her kom Bo Holm.", "Her kom ingen.", 0, None),
        ("Her kom Bo Holm.", "", 0, None),
        # Part of another word, at either end.
        ("Alle mødte Bo Holm igen.", "Alle mødte Bo Holmgaard igen.", 0, None),
        ("Alle mødte Bo Holm.", "Alle mødte Bo Holmgaard.", 0, None),
        ("Alle mødte Bo Holm igen.", "Alle mødte Bo Holm-Lund igen.", 0, None),
        ("Alle mødte Bo Holm igen.", "Alle mødte JumBo Holm igen.", 0, None),
        ("Alle mødte Bo Holm igen.", "I går mødte alle Bo Holmgaard.", 0, None),
        # Not another occurrence, before the change or between two.
        ("Bo Holm kom. Bo Holm gik.", "Bo Holm kom. Bo Holmgaard gik.", 1, None),
        ("Bo Holm kom. Bo Holm gik.", "Bo Holm kom. Bo Holmgaard gik.", 0, 0),
        ("En Bo Holm kom. Så gik Bo Holm.", "To Bo Holm kom. Så gik Bo Holmgaard!", 1, None),
        ("En Bo Holm kom. Så gik Bo Holm.", "To Bo Holm kom. Så gik Bo Holmgaard!", 0, 3),
        ("En Bo Holm kom. Så gik Bo Holm.", "To Bo Holmgaard kom. Så gik Bo Holm!", 1, 28),
        # The genitive of the same name, but not before a verb, where it is another's.
        ("Alle mødte Bo Holm igen.", "Alle mødte Bo Holms søn igen.", 0, 11),
        ("Alle mødte Bo Holm igen.", "Alle mødte Bo Holm’s søn igen.", 0, 11),
        ("Det er sent, siger Bo Holm.", "Det er sent, siger Bo Holms.", 0, None),
        ("Alle mødte Bo Holms søn igen.", "Alle mødte Bo Holmgaards søn igen.", 0, None),
        # What it was a part of already.
        ("Kampen mod Bo Holm-holdet.", "I går kampen mod Bo Holm-holdet!", 0, 17),
    ],
)
def test_a_decision_follows_its_words_into_the_changed_text(old, new, occurrence, place):
    article = ArticleFactory(body=old, language="da")
    mention = decided(article, "Bo Holm", occurrence=occurrence)
    before = Article.objects.get(pk=article.pk)
    article.body = new
    move_decisions(article, before)
    found = Mention.objects.filter(pk=mention.pk).first()
    assert (found.start if found else None) == place
    if found:
        assert new[found.start : found.end] == "Bo Holm"


def test_a_decision_does_not_follow_a_name_that_has_become_another(curator):
    article = ArticleFactory(body="I Aarhus mødte alle Jytte Holm igen.", language="da")
    curation.save_article(article, ["body"], user=curator)
    mention = article.mentions.select_related("form", "entity").get(form__text="Jytte Holm")
    other = EntityFactory(name="Jytte Hansen Holm")
    curate_mentions.reassign([mention], other, user=curator)
    article.body = article.body.replace("Holm", "Holmgaard")
    curation.save_article(article, ["body"], user=curator)
    assert not article.mentions.filter(entity=other).exists()
    assert article.mentions.filter(form__text="Jytte Holmgaard").exists()
    other.refresh_from_db()
    assert other.article_count == 0


def test_a_rejected_mention_is_not_found_again_when_the_text_is_read_anew(curator):
    article = ArticleFactory(body="Statsminister Mette Frederiksen kom til Aarhus i går.")
    curation.save_article(article, ["body", "language"], user=curator)
    mention = article.mentions.select_related("form", "entity").get(form__text="Mette Frederiksen")
    curate_mentions.reject_mentions([mention], user=curator)
    article.body += " Det regnede."
    curation.save_article(article, ["body"], user=curator)
    kept = article.mentions.get(form__text="Mette Frederiksen")
    assert kept.is_rejected
    assert kept.decided_by == curator
    assert Entity.objects.get(name="Mette Frederiksen").article_count == 0


# -- sources, agencies, credits --------------------------------------------------------------------


def test_merging_sources_moves_articles_and_keeps_a_source_that_could_not_be_emptied(curator):
    keep, other, stubborn = SourceFactory(), SourceFactory(), SourceFactory()
    ArticleFactory(source=keep, external_id="1")
    ArticleFactory(source=other)
    ArticleFactory(source=stubborn, external_id="1")
    ArticleFactory(source=stubborn, external_id="2")
    effect = curation.merge_sources(keep, [other, stubborn, keep], user=curator)
    assert (effect.changed, effect.refused) == (2, 1)
    assert set(Source.objects.all()) == {keep, stubborn}
    assert keep.articles.count() == 3


def test_the_address_of_a_merged_source_leads_to_the_one_that_was_kept(client, index):
    first, second, kept = (SourceFactory(slug=slug) for slug in ("avis-a", "avis-b", "avis-c"))
    ArticleFactory(source=kept)
    curation.merge_sources(second, [first])
    curation.merge_sources(kept, [second])
    for old in ("avis-a", "avis-b"):
        answer = client.get(f"/sources/{old}/?page=2")
        assert (answer.status_code, answer.url) == (301, "/sources/avis-c/?page=2")
    assert client.get("/sources/avis-x/").status_code == 404
    kept.articles.update(status=Status.WITHDRAWN)
    assert client.get("/sources/avis-a/").status_code == 404


def test_merging_agencies_moves_credits_and_tells_the_index(curator):
    keep, other = AgencyFactory(name="Ritzau"), AgencyFactory(name="ritzau.")
    credit = CreditFactory(agency=other)
    assert curation.merge_agencies(keep, [other], user=curator) == 1
    credit.refresh_from_db()
    assert credit.agency == keep
    assert credit.printed == "ritzau."
    assert announced() == [(credit.article_id, "index")]
    assert not type(other).objects.filter(pk=other.pk).exists()


def test_credits_that_a_curator_settled_outlive_a_changed_record(tmp_path):
    text = "Headline: Ny bro\nURL: https://avis.example/bro\n\nBroen åbner i {}.\n\n/ritzau/\n"
    article = import_text(tmp_path, text.format("maj"))
    credit = article.credits.get()
    credit.agency = AgencyFactory(name="Havnens Bureau")
    credit.save()
    curation.refresh_credits([article.pk])
    assert import_text(tmp_path, text.format("juli")).pk == article.pk
    kept = article.credits.select_related("agency").get()
    assert (kept.printed, kept.agency.name) == ("ritzau", "Havnens Bureau")
