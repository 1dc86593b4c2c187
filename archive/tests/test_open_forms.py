"""Two curators who have the same form open at once: neither undoes what the other has done."""

import pytest
from django.contrib.auth.models import Permission

from archive import curation, roles
from archive.curation import families
from archive.entities import curate, curate_mentions
from archive.models import Article, Credit, Family, ReaderReport
from archive.tests.factories import (
    AgencyFactory,
    ArticleFactory,
    CreditFactory,
    EntityFactory,
    MentionFactory,
    SourceFactory,
)
from archive.tests.test_admin import (
    address,
    article_post,
    form_post,
    logged_in,
    sent,
    text_of,
    user,
)

pytestmark = pytest.mark.django_db
Status = Article.Status


@pytest.fixture
def ada():
    """The first curator's browser."""
    return logged_in(user("ada", roles.CURATORS, is_staff=True))


@pytest.fixture
def bo():
    """The second curator's browser."""
    return logged_in(user("bo", roles.CURATORS, is_staff=True))


def save(client, model, row, post):
    """Save the form; the answer, a redirect when it was saved."""
    return client.post(address(model, "change", row.pk), post)


def saved(client, model, row, post) -> str:
    """Save the form, which must go well; what is told then."""
    answer = client.post(address(model, "change", row.pk), post, follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    row.refresh_from_db()
    return " ".join(str(message) for message in answer.context["messages"])


def withdrawal(client, article):
    return article_post(client, article, status="withdrawn", withdrawn_reason="Injurier")


# -- an article --------------------------------------------------------------------------------


def test_a_withdrawal_stands_when_another_saves_an_older_form(ada, bo, client):
    article = ArticleFactory(byline="")
    older = article_post(bo, article, byline="Af Bo Lund")
    saved(ada, "article", article, withdrawal(ada, article))
    told = saved(bo, "article", article, older)
    assert (article.status, article.withdrawn_reason) == (Status.WITHDRAWN, "Injurier")
    assert article.withdrawn_at is not None
    assert article.byline == "Af Bo Lund"
    assert client.get(article.get_absolute_url()).status_code == 410
    assert "left so: Status, Withdrawn reason" in told


def test_who_has_two_forms_open_is_not_told_of_others(ada, bo):
    article = ArticleFactory(byline="", url="")
    older = article_post(ada, article, headline="Ny overskrift")
    saved(ada, "article", article, article_post(ada, article, byline="Af Ada Holm"))
    saved(bo, "article", article, article_post(bo, article, url="https://avis.dk/1"))
    told = saved(ada, "article", article, older)
    assert "Changed by yourself while this form was open, and left so: Byline." in told
    assert "Changed by others while your form was open, and left so: Original address." in told


@pytest.mark.parametrize("status", ["trash", "restricted", "withdrawn"])
def test_what_many_articles_became_meanwhile_is_not_undone_by_the_form_of_one(status, ada):
    article = ArticleFactory()
    older = article_post(ada, article, byline="Af Bo Lund")
    rows = Article.objects.filter(pk=article.pk)
    curation.set_status(rows, status, reason="Injurier")
    saved(ada, "article", article, older)
    assert (article.status, article.byline) == (status, "Af Bo Lund")


def test_each_keeps_what_only_the_other_has_changed(ada, bo):
    article = ArticleFactory(source=SourceFactory(), url="", language="da")
    other = SourceFactory()
    older = article_post(bo, article, date_edtf="2021-06", body="En anden tekst.")
    changes = {"url": "https://avis.dk/1", "source": str(other.pk), "language": "sv"}
    saved(ada, "article", article, article_post(ada, article, **changes))
    saved(bo, "article", article, older)
    assert (article.url, article.source, article.language) == ("https://avis.dk/1", other, "sv")
    assert (article.date_edtf, article.body) == ("2021-06", "En anden tekst.")
    assert article.date_earliest.isoformat() == "2021-06-01"


def test_a_field_that_both_have_changed_comes_back_and_is_saved_the_second_time(ada, bo):
    article = ArticleFactory(byline="", url="")
    older = article_post(bo, article, byline="Af Bo Lund", url="https://avis.dk/1")
    saved(ada, "article", article, article_post(ada, article, byline="Af Ada Holm"))
    answer = save(bo, "article", article, older)
    form = answer.context["adminform"].form
    [error] = form.errors["byline"]
    assert error.startswith("ada changed this while your form was open (")
    assert "It says now: “Af Ada Holm”." in error
    assert set(form.errors) == {"byline"}
    article.refresh_from_db()
    assert (article.byline, article.url) == ("Af Ada Holm", "")
    again = sent(answer)
    assert (again["byline"], again["url"]) == ("Af Bo Lund", "https://avis.dk/1")
    saved(bo, "article", article, again)
    assert (article.byline, article.url) == ("Af Bo Lund", "https://avis.dk/1")


def test_a_value_that_is_called_like_a_field_is_not_taken_for_it(ada, bo):
    article, called = ArticleFactory(date="2020"), SourceFactory(name="Date")
    older = article_post(bo, article, date_edtf="2021")
    saved(ada, "article", article, article_post(ada, article, source=str(called.pk)))
    Article.objects.filter(pk=article.pk).update(date_edtf="2022")
    answer = save(bo, "article", article, older)
    [error] = answer.context["adminform"].form.errors["date_edtf"]
    assert error.startswith("This was changed while your form was open. It says now: “2022”.")


def test_a_status_that_both_have_changed_is_asked_about(ada, bo):
    article = ArticleFactory()
    older = article_post(bo, article, status="restricted")
    saved(ada, "article", article, withdrawal(ada, article))
    answer = save(bo, "article", article, older)
    [error] = answer.context["adminform"].form.errors["status"]
    assert "ada changed this" in error
    assert "“withdrawn”" in error
    article.refresh_from_db()
    assert article.status == Status.WITHDRAWN
    saved(bo, "article", article, sent(answer))
    assert article.status == Status.RESTRICTED


def test_a_reason_is_not_thrown_away_when_another_has_published_the_article(ada, bo):
    article = ArticleFactory(status="withdrawn", withdrawn_reason="Injurier")
    older = article_post(bo, article, withdrawn_reason="Krænkelse")
    saved(ada, "article", article, article_post(ada, article, status="published"))
    answer = save(bo, "article", article, older)
    [error] = answer.context["adminform"].form.errors["withdrawn_reason"]
    assert error.startswith("The article is not withdrawn any more.")
    again = sent(answer)
    assert (again["status"], again["withdrawn_reason"]) == ("published", "Krænkelse")
    answer = save(bo, "article", article, again)
    [error] = answer.context["adminform"].form.errors["withdrawn_reason"]
    assert error.startswith("The article is not withdrawn. To withdraw it")
    saved(bo, "article", article, sent(answer) | {"status": "withdrawn"})
    assert (article.status, article.withdrawn_reason) == (Status.WITHDRAWN, "Krænkelse")


def test_two_reasons_of_one_withdrawal_clash_and_no_reason_is_missed(ada, bo):
    article = ArticleFactory()
    older = withdrawal(bo, article) | {"withdrawn_reason": "Krænkelse"}
    saved(ada, "article", article, withdrawal(ada, article))
    answer = save(bo, "article", article, older)
    [error] = answer.context["adminform"].form.errors["withdrawn_reason"]
    assert "ada changed this while your form was open" in error
    saved(bo, "article", article, sent(answer))
    assert article.withdrawn_reason == "Krænkelse"


def test_a_form_shown_again_for_another_fault_does_not_carry_old_values(ada, bo):
    article = ArticleFactory()
    older = article_post(bo, article, date_edtf="2021-13", byline="Af Bo Lund")
    saved(ada, "article", article, withdrawal(ada, article))
    answer = save(bo, "article", article, older)
    assert "date_edtf" in answer.context["adminform"].form.errors
    assert "left so: Status, Withdrawn reason" in text_of(answer)
    again = sent(answer)
    assert (again["status"], again["withdrawn_reason"]) == ("withdrawn", "Injurier")
    saved(bo, "article", article, again | {"date_edtf": "2021-12"})
    assert (article.status, article.withdrawn_reason) == (Status.WITHDRAWN, "Injurier")
    assert (article.date_edtf, article.byline) == ("2021-12", "Af Bo Lund")


def test_two_who_write_the_same_do_not_clash(ada, bo):
    article = ArticleFactory(byline="")
    older = article_post(bo, article, byline="Af Bo  Lund", url="https://avis.dk/1")
    saved(ada, "article", article, article_post(ada, article, byline="Af Bo Lund"))
    saved(bo, "article", article, older)
    assert (article.byline, article.url) == ("Af Bo Lund", "https://avis.dk/1")


def test_a_source_that_is_merged_away_meanwhile_is_no_fault_of_the_form(ada, bo):
    gone, kept = SourceFactory(), SourceFactory()
    article = ArticleFactory(source=gone)
    older = article_post(bo, article, byline="Af Bo Lund")
    curation.merge_sources(kept, [gone])
    saved(bo, "article", article, older)
    assert (article.source, article.byline) == (kept, "Af Bo Lund")


@pytest.mark.parametrize("marks", [None, "", "x", "[]", '{"status": 1}', "null", "\x00"])
def test_a_form_that_does_not_tell_what_it_was_opened_with_is_saved_the_second_time(marks, ada):
    article = ArticleFactory(status="withdrawn", withdrawn_reason="Injurier")
    post = article_post(ada, article, status="published", withdrawn_reason="")
    del post["opened"]
    answer = save(ada, "article", article, post if marks is None else post | {"opened": marks})
    assert "cannot be told what this form was opened with" in text_of(answer)
    article.refresh_from_db()
    assert article.status == Status.WITHDRAWN
    saved(ada, "article", article, sent(answer))
    assert article.status == Status.PUBLISHED


def test_a_long_text_is_quoted_where_it_differs(ada, bo):
    text = "Byrådet mødtes. " * 60
    article = ArticleFactory(body=text.strip())
    older = article_post(bo, article, body=text + "Slut.")
    saved(ada, "article", article, article_post(ada, article, body=text + "Og gik hjem."))
    [error] = save(bo, "article", article, older).context["adminform"].form.errors["body"]
    assert "Og gik hjem." in error
    assert len(error) < 600


def test_whoever_may_only_look_sees_no_trace_of_the_marks(client):
    viewer = user("kigger", is_staff=True)
    viewer.user_permissions.set(_permission(name) for name in ("article", "credit", "mention"))
    client.force_login(viewer)
    article = CreditFactory().article
    page = client.get(address("article", "change", article.pk))
    assert page.status_code == 200
    assert "opened" not in text_of(page).lower()


def _permission(model):
    return Permission.objects.get(codename=f"view_{model}", content_type__app_label="archive")


# -- the rows in an article ----------------------------------------------------------------------


def test_names_that_were_found_anew_meanwhile_are_no_fault_of_the_form(ada, bo):
    article = ArticleFactory(headline="Møde i Aarhus", body="Bo Holm kom til Aarhus.")
    MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    older = article_post(bo, article, byline="Af Bo Lund")
    saved(ada, "article", article, article_post(ada, article, headline="Møde i Odense"))
    told = saved(bo, "article", article, older)
    assert (article.headline, article.byline) == ("Møde i Odense", "Af Bo Lund")
    assert "is gone" not in told


@pytest.mark.parametrize("decision", [{"is_rejected": "on"}, {"move_to": "yes"}])
def test_a_decision_about_a_name_that_is_gone_is_told_and_the_rest_is_saved(decision, ada, bo):
    article = ArticleFactory(headline="Møde i Aarhus", body="Bo Holm og Per Dam kom.")
    gone = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    stays = MentionFactory(article=article, start=11, end=18, entity__name="Per Dam")
    other = EntityFactory(name="Boris Holm")
    older = article_post(bo, article, byline="Af Bo Lund")
    rows = {older[f"mentions-{number}-id"]: number for number in range(2)}
    for name, value in decision.items():
        value = str(other.pk) if name == "move_to" else value
        older[f"mentions-{rows[str(gone.pk)]}-{name}"] = value
    older[f"mentions-{rows[str(stays.pk)]}-is_rejected"] = "on"
    gone.delete()
    told = saved(bo, "article", article, older)
    assert article.byline == "Af Bo Lund"
    assert "1 row in which you had changed something (mentions) is gone" in told
    stays.refresh_from_db()
    assert stays.is_rejected


def test_what_is_gone_is_told_though_the_form_comes_back_for_another_fault(bo):
    article = ArticleFactory(body="Bo Holm kom.")
    gone = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    older = article_post(bo, article, date_edtf="2021-13")
    older["mentions-0-is_rejected"] = "on"
    gone.delete()
    answer = save(bo, "article", article, older)
    assert "(mentions) is gone" in text_of(answer)
    told = saved(bo, "article", article, sent(answer) | {"date_edtf": "2021-12"})
    assert "is gone" not in told


def test_a_name_rejected_meanwhile_is_not_accepted_again_by_an_older_form(ada, bo):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    older = article_post(bo, article, byline="Af Bo Lund")
    post = article_post(ada, article, **{"mentions-0-is_rejected": "on"})
    saved(ada, "article", article, post)
    saved(bo, "article", article, older)
    mention.refresh_from_db()
    assert mention.is_rejected


def test_a_name_that_both_give_to_another_is_asked_about(ada, bo):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    first, second = EntityFactory(name="Boris Holm"), EntityFactory(name="Bodil Holm")
    older = article_post(bo, article, **{"mentions-0-move_to": str(second.pk)})
    post = article_post(ada, article, **{"mentions-0-move_to": str(first.pk)})
    saved(ada, "article", article, post)
    answer = save(bo, "article", article, older)
    assert "ada gave it to Boris Holm (person, 1) while your form was open" in text_of(answer)
    mention.refresh_from_db()
    assert mention.entity == first
    saved(bo, "article", article, sent(answer))
    mention.refresh_from_db()
    assert mention.entity == second


def test_a_rejection_is_not_undone_unasked_by_who_gives_the_name_to_another(ada, bo):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    other = EntityFactory(name="Boris Holm")
    older = article_post(bo, article, **{"mentions-0-move_to": str(other.pk)})
    saved(ada, "article", article, article_post(ada, article, **{"mentions-0-is_rejected": "on"}))
    answer = save(bo, "article", article, older)
    assert "ada rejected it while your form was open. Save again to move it" in text_of(answer)
    mention.refresh_from_db()
    assert mention.is_rejected
    saved(bo, "article", article, sent(answer))
    mention.refresh_from_db()
    assert (mention.entity, mention.is_rejected) == (other, False)


def test_a_name_given_to_another_is_not_rejected_unasked_by_who_saw_the_old_one(ada, bo):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    other = EntityFactory(name="Boris Holm")
    older = article_post(bo, article, **{"mentions-0-is_rejected": "on"})
    post = article_post(ada, article, **{"mentions-0-move_to": str(other.pk)})
    saved(ada, "article", article, post)
    answer = save(bo, "article", article, older)
    assert "ada gave it to Boris Holm (person, 1) while your form was open" in text_of(answer)
    assert "Save again to reject it all the same." in text_of(answer)
    mention.refresh_from_db()
    assert not mention.is_rejected
    saved(bo, "article", article, sent(answer))
    mention.refresh_from_db()
    assert (mention.entity, mention.is_rejected) == (other, True)


def test_a_name_is_not_rejected_and_given_to_another_at_once(bo):
    article = ArticleFactory(body="Bo Holm kom.")
    mention = MentionFactory(article=article, start=0, end=7, entity__name="Bo Holm")
    other = EntityFactory(name="Boris Holm")
    both = {"mentions-0-is_rejected": "on", "mentions-0-move_to": str(other.pk)}
    answer = save(bo, "article", article, article_post(bo, article, **both))
    assert "It is no name, or that of another: not both." in text_of(answer)
    mention.refresh_from_db()
    assert (mention.entity.name, mention.is_rejected) == ("Bo Holm", False)
    again = sent(answer)
    del again["mentions-0-is_rejected"]
    saved(bo, "article", article, again)
    mention.refresh_from_db()
    assert mention.entity == other
    # What was rejected before may be said to be another's: the tick is an old one then.
    curate_mentions.reject_mentions([mention])
    post = article_post(bo, article, **{"mentions-0-move_to": str(other.pk)})
    assert "mentions-0-is_rejected" in post
    saved(bo, "article", article, post)


def test_credits_are_saved_field_by_field_too(ada, bo):
    credit = CreditFactory(printed="Ritzau", person="")
    article, agency = credit.article, AgencyFactory()
    older = article_post(bo, article, byline="Af Bo Lund", **{"credits-0-person": "Eva Juhl"})
    changes = {"credits-0-agency": str(agency.pk), "credits-0-printed": "/ritzau/"}
    saved(ada, "article", article, article_post(ada, article, **changes))
    saved(bo, "article", article, older)
    credit.refresh_from_db()
    assert (credit.printed, credit.agency, credit.person) == ("/ritzau/", agency, "Eva Juhl")
    both = article_post(bo, article, **{"credits-0-person": "Eva Lind"})
    saved(ada, "article", article, article_post(ada, article, **{"credits-0-person": "Jo Lind"}))
    answer = save(bo, "article", article, both)
    assert "ada changed this while your form was open" in text_of(answer)
    saved(bo, "article", article, sent(answer))
    credit.refresh_from_db()
    assert credit.person == "Eva Lind"


def test_a_credit_that_another_has_changed_is_not_deleted_unasked(ada, bo):
    credit = CreditFactory(printed="Foto", person="")
    article = credit.article
    older = article_post(bo, article, byline="Af Bo Lund", **{"credits-0-DELETE": "on"})
    saved(ada, "article", article, article_post(ada, article, **{"credits-0-person": "Eva Lind"}))
    answer = save(bo, "article", article, older)
    told = text_of(answer)
    assert "ada changed this row while your form was open (" in told
    assert "It says now: Person: “Eva Lind”. Save again to delete it all the same." in told
    credit.refresh_from_db()
    again = sent(answer)
    assert "credits-0-DELETE" in again
    assert again["credits-0-person"] == "Eva Lind"
    saved(bo, "article", article, again)
    assert article.byline == "Af Bo Lund"
    assert not Credit.objects.exists()


def test_a_credit_that_no_other_has_changed_is_deleted_whatever_else_was_typed_in_it(bo):
    credit = CreditFactory(printed="Foto", person="")
    changes = {"credits-0-DELETE": "on", "credits-0-printed": "", "credits-0-person": "Eva Lind"}
    saved(bo, "article", credit.article, article_post(bo, credit.article, **changes))
    assert not Credit.objects.exists()


def test_a_credit_that_is_deleted_meanwhile_stays_deleted(ada, bo):
    article = ArticleFactory()
    first, second = (CreditFactory(article=article) for _ in range(2))
    older = article_post(bo, article, **{"credits-1-person": "Eva Juhl"})
    older |= {"credits-2-printed": "Foto: Jo Lind", "credits-2-role": "photo"}
    older |= {"credits-TOTAL_FORMS": "3", "credits-0-person": "Per Dam"}
    saved(ada, "article", article, article_post(ada, article, **{"credits-0-DELETE": "on"}))
    told = saved(bo, "article", article, older)
    assert "1 row in which you had changed something (credits) is gone" in told
    rows = Credit.objects.filter(article=article)
    assert [row.printed for row in rows.order_by("position")] == [second.printed, "Foto: Jo Lind"]
    assert rows.get(pk=second.pk).person == "Eva Juhl"
    assert first.pk not in rows.values_list("pk", flat=True)


# -- names, sources, agencies, stories ---------------------------------------------------------


def test_a_description_undoes_neither_a_new_name_nor_a_new_kind(ada, bo):
    entity = EntityFactory(name="Taliban", kind="person")
    older = form_post(bo, "entity", entity, description="En bevægelse")
    post = form_post(ada, "entity", entity, name="Taleban", kind="organisation")
    saved(ada, "entity", entity, post)
    told = saved(bo, "entity", entity, older)
    assert (entity.name, entity.kind) == ("Taleban", "organisation")
    assert (entity.description, entity.sort_key) == ("En bevægelse", "taleban")
    assert "left so: Name, Kind" in told


def test_a_name_that_both_have_changed_comes_back(ada, bo):
    entity = EntityFactory(name="Taliban")
    older = form_post(bo, "entity", entity, name="Talebanerne")
    saved(ada, "entity", entity, form_post(ada, "entity", entity, name="Taleban"))
    answer = save(bo, "entity", entity, older)
    [error] = answer.context["adminform"].form.errors["name"]
    assert error.startswith("ada changed this")
    assert "“Taleban”" in error
    saved(bo, "entity", entity, sent(answer))
    assert entity.name == "Talebanerne"


def test_a_spelling_that_was_split_off_meanwhile_is_no_fault_of_the_form(ada, bo):
    entity = EntityFactory(name="Arbeiderpartiet")
    curate.add_form(entity, "Ap")
    older = form_post(bo, "entity", entity, description="Et parti")
    part = curate.split(entity, ["Ap"], "Ap")
    saved(bo, "entity", entity, older)
    assert entity.description == "Et parti"
    assert [form.text for form in part.forms.all()] == ["Ap"]
    assert [form.text for form in entity.forms.all()] == ["Arbeiderpartiet"]


def test_sources_and_agencies_are_saved_field_by_field_too(ada, bo):
    for row, model in ((SourceFactory(), "source"), (AgencyFactory(), "agency")):
        other = {"source": "description", "agency": "country"}[model]
        older = form_post(bo, model, row, **{other: "NO"})
        saved(ada, model, row, form_post(ada, model, row, name=f"{model} ny"))
        saved(bo, model, row, older)
        assert (row.name, getattr(row, other)) == (f"{model} ny", "NO")


def test_a_credit_in_its_own_form_too(ada, bo):
    credit = CreditFactory(person="")
    older = form_post(bo, "credit", credit, person="Eva Juhl")
    saved(ada, "credit", credit, form_post(ada, "credit", credit, printed="/ritzau/"))
    saved(bo, "credit", credit, older)
    assert (credit.printed, credit.person) == ("/ritzau/", "Eva Juhl")


def test_the_preferred_source_of_a_story_that_both_have_chosen_is_asked_about(ada, bo):
    articles = [ArticleFactory(source=SourceFactory()) for _ in range(3)]
    families.join([article.pk for article in articles])
    story = Family.objects.get()
    older = form_post(bo, "family", story, preferred_source=str(articles[1].source_id))
    first = form_post(ada, "family", story, preferred_source=str(articles[2].source_id))
    saved(ada, "family", story, first)
    answer = save(bo, "family", story, older)
    assert f"It says now: “{articles[2].source}”" in text_of(answer)
    saved(bo, "family", story, sent(answer))
    assert story.preferred_source == articles[1].source


def test_the_answer_to_a_report_is_not_undone_by_a_note(ada, bo):
    report = ReaderReport.objects.create(article=ArticleFactory(), fault="name", message="x")
    older = form_post(bo, "readerreport", report, note="Se også side 2.")
    saved(ada, "readerreport", report, form_post(ada, "readerreport", report, status="mended"))
    saved(bo, "readerreport", report, older)
    assert (report.status, report.note) == ("mended", "Se også side 2.")
    assert report.decided_by.username == "ada"
