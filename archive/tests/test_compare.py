"""Two versions of a text compared, by sentence and by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tests.factories import ArticleFactory
from archive.wire.compare import Kind, compare
from config.tests.bounds import ends_within

A = "Mindst 13 soldater døde i går. De var på vej hjem. Det siger Pentagon til CNN."
B = "Mindst 13 amerikanske soldater døde torsdag. Det siger Pentagon til CNN. Byen er stille."


def kinds(one: str, other: str) -> list[str]:
    return [row.kind for row in compare(one, other).rows]


def side(one: str, other: str, left_out: Kind) -> str:
    """The text of one side, put together again from the comparison."""
    return " ".join(
        "".join(part.text for part in row.parts if part.kind is not left_out)
        for row in compare(one, other).rows
    )


def test_sentences_are_the_same_dropped_added_or_changed():
    assert kinds(A, B) == ["changed", "dropped", "same", "added"]
    counts = compare(A, B)
    assert (counts.same, counts.changed, counts.dropped, counts.added) == (1, 1, 1, 1)


def test_the_words_of_a_changed_sentence_are_told_apart():
    row = compare(A, B).rows[0]
    assert [(part.kind.value, part.text.strip()) for part in row.parts] == [
        ("same", "Mindst 13"),
        ("added", "amerikanske"),
        ("same", "soldater døde"),
        ("dropped", "i går"),
        ("added", "torsdag"),
        ("same", "."),
    ]


def test_the_same_text_has_nothing_dropped_or_added():
    assert set(kinds(A, A)) == {"same"}
    assert set(kinds(A, A.replace(" De var", "\n\nDe var"))) == {"same"}


def test_a_paragraph_begins_where_a_line_does():
    rows = compare(A, A.replace(" De var", "\n\nDe var")).rows
    assert [row.begins_paragraph for row in rows] == [True, True, False]


_texts = st.text(st.sampled_from("ab .\n\nÅ"), max_size=60)


@given(_texts, _texts)
def test_either_text_can_be_read_off_the_comparison(one, other):
    def plain(text):
        return "".join(text.split())

    # What both have is shown as the second has it, which differs by white space only.
    assert plain(side(one, other, Kind.ADDED)) == plain(one)
    assert plain(side(one, other, Kind.DROPPED)) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a a b. " * 4000, "a b b. " * 4000),
        (" ".join(f"a a{n} b." for n in range(4000)), " ".join(f"a b{n} b." for n in range(4000))),
        ("a " * 100_000, "b a " * 50_000),
        ("A. B. C. D. " * 500, "B. A. D. C. " * 500),
    ],
)
def test_no_text_takes_long(one, other):
    with ends_within():
        assert compare(one, other).rows


# --- The page -----------------------------------------------------------------------------------


def page(client, one, other):
    return client.get(f"/articles/{one.pk}/compare/{other.pk}/")


@pytest.mark.django_db
def test_the_page_shows_what_was_dropped_and_added_escaped(client):
    one, other = ArticleFactory(body=A), ArticleFactory(body=f"{B} <script>x</script>")
    html = page(client, one, other).content.decode()
    assert "<ins>amerikanske </ins>" in html
    assert "<del>De var på vej hjem.</del>" in html
    assert "&lt;script&gt;" in html
    assert "<script>x" not in html
    assert f"/articles/{other.pk}/compare/{one.pk}/" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "code"), [("restricted", 404), ("trash", 404), ("withdrawn", 410)]
)
def test_what_readers_may_not_see_cannot_be_compared(client, status, code):
    public = ArticleFactory(body=A)
    hidden = ArticleFactory(body="Hemmeligt ord her.", status=status)
    for pair in ((public, hidden), (hidden, public), (hidden, hidden)):
        answer = page(client, *pair)
        assert answer.status_code == code
        assert "Hemmeligt" not in answer.content.decode()


@pytest.mark.django_db
def test_an_article_compared_with_itself_or_with_none_leads_nowhere_odd(client):
    article = ArticleFactory(body=A)
    assert page(client, article, article).headers["Location"] == article.get_absolute_url()
    assert client.get(f"/articles/{article.pk}/compare/999999/").status_code == 404
    assert client.get(f"/articles/{article.pk}/compare/{'9' * 30}/").status_code == 404
