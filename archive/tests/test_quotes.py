"""Tests of quotes: which words are quoted, who speaks them, and what is kept of it."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.curation.articles import reread_names
from archive.entities.curate import merge, unmerge
from archive.entities.curate_mentions import reject_mentions
from archive.entities.quotes import find_quotes
from archive.entities.spoken import quotes_by, spoken_in, store_quotes
from archive.ingest.jobs import new_job, run_job
from archive.models import Article, Kind, Mention, Quote
from archive.tests.factories import ArticleFactory, EntityFactory, MentionFactory
from config.tests.bounds import ends_within


@dataclass(frozen=True)
class Name:
    start: int
    end: int
    text: str
    kind: str = "person"


def names_in(text: str, *names: str) -> list[Name]:
    """Every place of these names; "o:" before one makes it an organisation."""
    found = []
    for name in names:
        kind = "organisation" if name.startswith("o:") else "person"
        plain = name.removeprefix("o:")
        for match in re.finditer(rf"(?<!\w){re.escape(plain)}(?!\w)", text):
            found.append(Name(match.start(), match.end(), plain, kind))
    # A longer name holds the shorter ones in it.
    kept = [
        one
        for one in found
        if not any(o != one and o.start <= one.start and one.end <= o.end for o in found)
    ]
    return sorted(kept, key=lambda name: name.start)


def said(text: str, language: str, *names: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of each quote."""
    spans = names_in(text, *names)
    return [
        (
            None if quote.speaker is None else spans[quote.speaker].text,
            text[quote.start : quote.end],
        )
        for quote in find_quotes(text, spans, language)
    ]


# --- One line each ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("da", "- Vi er klar, siger Ada Holm til avisen.", "Vi er klar"),
        ("da", "- Er vi klar? spørger borgmester Ada Holm.", "Er vi klar?"),
        ("da", "»Vi er klar,« siger Ada Holm.", "Vi er klar"),
        ("da", "”Vi er klar”, oplyste havnechef Ada Holm mandag.", "Vi er klar"),
        ("da", '"Vi er klar, "siger Ada Holm.', "Vi er klar"),
        ("da", "Ifølge Ada Holm »er vi alle sammen klar«.", "er vi alle sammen klar"),
        ("da", "Ada Holm kaldte aftalen 'en god dag for øen'.", "en god dag for øen"),
        ("da", "Ada Holm, formand for broen, forklarer: »Vi er klar.«", "Vi er klar."),
        ("nb", "– Vi er klare, sier Ada Holm.", "Vi er klare"),
        ("nb", "– Vi er klare, la Ada Holm til.", "Vi er klare"),
        ("nb", "«Vi er klare», sa havnesjef Ada Holm.", "Vi er klare"),
        ("nb", "«Vi er klare», ifølge Ada Holm.", "Vi er klare"),
        ("nn", "– Vi er klare, seier Ada Holm.", "Vi er klare"),
        ("nn", "– Vi er klare, fortel rektor Ada Holm.", "Vi er klare"),
        ("sv", "”Vi är redo”, säger Ada Holm.", "Vi är redo"),
        ("sv", "– Vi är redo, uppgav Ada Holm.", "Vi är redo"),
        ("sv", "»Vi är redo», sade hamnchefen Ada Holm.", "Vi är redo"),
        ("sv", "Ada Holm säger: ”Vi är redo.”", "Vi är redo."),
        ("en", "“We are ready,” said Ada Holm, the mayor.", "We are ready"),
        ("en", '"We are ready," Ms. Ada Holm told reporters.', "We are ready"),
        ("en", "“We are ready,” Ada Holm, who runs the port, said.", "We are ready"),
        ("en", "“We are ready,” according to Ada Holm.", "We are ready"),
        ("en", "Ada Holm said: “We are ready.”", "We are ready."),
        ("", "«Vi er klare», sier Ada Holm.", "Vi er klare"),
    ],
)
def test_speech_is_given_to_whoever_is_said_to_speak(language, text, words):
    assert said(text, language, "Ada Holm") == [("Ada Holm", words)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "- Vi er klar, siger en unavngiven embedsmand til Ada Holm."),
        ("da", "- Vi er klar, siger talsmanden for Ada Holm."),
        ("da", "»Vi er klar,« siger Ada Holms advokat."),
        ("sv", "”Vi är redo”, sa en källa nära Ada Holm."),
        ("nn", "Dottera til forfattaren Ada Holm, som bur her, kommenterte: «Vi er klare.»"),
        ("en", "“We are ready,” said a spokesman for Ada Holm."),
        ("en", "“We are ready,” said Ada Holm's lawyer."),
    ],
)
def test_who_is_only_named_beside_the_speaker_does_not_speak(language, text):
    [(speaker, words)] = said(text, language, "Ada Holm", "Ada Holms")
    assert speaker is None
    assert words.startswith("V" if language != "en" else "W")


@pytest.mark.parametrize(
    "text",
    [
        "Ada Holm læste »Den Store Bog om Havne« i går.",
        "Den såkaldte »havnesag« fortsætter, siger Ada Holm.",
        "- tre æbler\n- to pærer\n- en banan",
        "Banen er 20 - 30 meter, siger Ada Holm.",
        "Temperaturen faldt til -7 grader.",
    ],
)
def test_titles_words_and_lists_are_no_speech(text):
    assert said(text, "da", "Ada Holm") == []


def test_an_organisation_can_speak_but_not_those_it_only_names():
    assert said("»Vi er klar,« oplyser Fjordværket.", "da", "o:Fjordværket") == [
        ("Fjordværket", "Vi er klar")
    ]
    assert said("»Vi er klar,« siger en kilde i Fjordværket.", "da", "o:Fjordværket") == [
        (None, "Vi er klar")
    ]


def test_a_role_with_its_organisation_does_not_hide_the_person():
    text = "- Vi er klar, sagde talsmand for Fjordværket Ada Holm i et interview."
    assert said(text, "da", "o:Fjordværket", "Ada Holm") == [("Ada Holm", "Vi er klar")]


def test_a_quote_in_two_parts_is_two_quotes_of_one_speaker():
    text = "»Vi er klar,« siger Ada Holm. »Broen åbner mandag.«"
    assert said(text, "da", "Ada Holm") == [
        ("Ada Holm", "Vi er klar"),
        ("Ada Holm", "Broen åbner mandag."),
    ]


# --- Over several lines -----------------------------------------------------------------------


def test_a_dash_line_without_attribution_goes_on_with_the_speaker_before_it():
    text = "- Vi er klar, siger Ada Holm.\n- Broen åbner allerede på mandag.\nSå kom regnen."
    assert said(text, "da", "Ada Holm") == [
        ("Ada Holm", "Vi er klar"),
        ("Ada Holm", "Broen åbner allerede på mandag."),
    ]


def test_a_question_between_two_answers_is_nobodys():
    text = "- Vi er klar, siger Ada Holm.\n- Hvornår åbner broen så?\n- Den åbner nok på mandag."
    assert [speaker for speaker, _ in said(text, "da", "Ada Holm")] == [
        "Ada Holm",
        None,
        "Ada Holm",
    ]


def test_narration_ends_a_dialogue():
    text = "- Vi er klar, siger Ada Holm.\nRegnen faldt.\n- Broen åbner allerede på mandag."
    assert said(text, "da", "Ada Holm")[-1] == (None, "Broen åbner allerede på mandag.")


def test_a_pronoun_is_the_only_person_named_just_before():
    text = "Ada Holm bor ved havnen.\n- Vi er klar, siger hun."
    assert said(text, "da", "Ada Holm") == [("Ada Holm", "Vi er klar")]


def test_a_word_before_the_verb_that_is_itself_said_stays_with_what_is_said():
    text = "– Vi er klare til det, beklager, sier Ada Holm."
    assert said(text, "nb", "Ada Holm") == [("Ada Holm", "Vi er klare til det, beklager")]


@pytest.mark.parametrize(
    "line",
    [
        "The President spoke of his choice Bo Dahl while he was there.",
        "Ida Holm, som er gift med sin kollega, Bo Dahl, erkendte det.",
        "Alle på stedet, inklusive mr Bo Dahl, sov.",
    ],
)
def test_a_pronoun_is_nobody_whom_its_sentence_only_mentions(line):
    text = f"{line}\n”Vi är redo för det”, sa han."
    assert said(text, "sv", "Ida Holm", "Bo Dahl") == [(None, "Vi är redo för det")]


@pytest.mark.parametrize(
    "line",
    [
        "Bo Dahl kom i går.",
        "I går kom borgmester Bo Dahl til byen.",
        "Den nye borgmester Bo Dahl kom i går.",
        "I Oslo i går sa Bo Dahl nei.",
        "After a long day Bo Dahl went home.",
        "Alle lo. Mr. Bo Dahl gik.",
        "Det er klart, siger byens nye borgmester, Bo Dahl.",
        "Byens talsmand, Bo Dahl, dukkede op.",
        "Ministry lawyers agreed to talk to the town and mayor Bo Dahl said.",
    ],
)
def test_a_pronoun_is_the_person_its_sentence_is_about(line):
    text = f"{line}\n”Vi är redo för det”, sa han."
    assert said(text, "sv", "Bo Dahl") == [("Bo Dahl", "Vi är redo för det")]


def test_a_pronoun_that_may_be_two_persons_is_nobody():
    text = "Kim Holm mødte Robin Dahl ved havnen.\n- Vi er klar, siger han."
    assert said(text, "da", "Kim Holm", "Robin Dahl") == [(None, "Vi er klar")] or said(
        text, "da", "Kim Holm", "Robin Dahl"
    ) == [("Kim Holm", "Vi er klar")]  # "Kim" is a man's name in Denmark, "Robin" unknown


def test_the_given_name_tells_which_of_two_persons_a_pronoun_is():
    text = "Ella Holm og Henrik Dahl kom til havnen.\n- Vi er klar, siger hun."
    assert said(text, "da", "Ella Holm", "Henrik Dahl") == [("Ella Holm", "Vi er klar")]


def test_a_pronoun_does_not_reach_over_a_line_about_something_else():
    text = "Ada Holm bor her.\nHavnen er stor.\nVandet er koldt.\n- Vi er klar, siger hun."
    assert said(text, "da", "Ada Holm") == [(None, "Vi er klar")]


def test_a_line_that_announces_speech_gives_it_its_speaker():
    text = "Ada Holm sagde til de fremmødte:\n- Vi er klar til at åbne broen."
    assert said(text, "da", "Ada Holm") == [("Ada Holm", "Vi er klar til at åbne broen.")]


def test_the_only_one_of_a_gender_is_meant_though_somebody_else_spoke_before():
    text = (
        "Ida Ek kom.\n– Vi har ikke noe valg, sier Ek.\nBo Dahl avviser kritikk fra Robin Holm.\n"
        "– Vi får se, sier han."
    )
    assert said(text, "nb", "Ida Ek", "Ek", "Bo Dahl", "Robin Holm")[-1][0] == "Bo Dahl"


def test_the_word_for_here_is_no_woman():
    text = "Ida Dahl kom.\nHer sagde Ada Holm: »Vi er klar.«"
    assert said(text, "da", "Ida Dahl", "Ada Holm") == [("Ada Holm", "Vi er klar.")]


def test_a_quotation_of_several_paragraphs_is_closed_in_the_last():
    text = "«Vi er klare.\nBroen åpner mandag», sier Ada Holm."
    assert said(text, "nb", "Ada Holm") == [("Ada Holm", "Vi er klare.\nBroen åpner mandag")]


def test_quotes_inside_speech_are_part_of_it():
    text = "- Jeg kalder den »broen til verden«, siger Ada Holm."
    assert said(text, "da", "Ada Holm") == [("Ada Holm", "Jeg kalder den »broen til verden«")]


@pytest.mark.parametrize(
    ("language", "text", "names", "speakers"),
    [
        (
            "nb",
            "Ordfører Erik Holm får kritikk av Hallstein Bast og Kjersti Dahl.\n"
            "– Vi er enige med Dahl, sier Bast.\n– Takk, sier hun.",
            ["Erik Holm", "Hallstein Bast", "Kjersti Dahl", "Dahl", "Bast"],
            ["Bast", None],
        ),
        (
            "sv",
            "Philip Holm försvarar banan.\n– Det är rätt, säger Holm.\n– Det är fel, säger hon.",
            ["Philip Holm", "Holm"],
            ["Holm", None],
        ),
        (
            "da",
            "Sanne Holm kom.\n- Det var et godt møde, siger Holm.\n- Hun var venlig, siger han.",
            ["Sanne Holm", "Holm"],
            ["Holm", None],
        ),
        (
            "da",
            "Sanne Holm kom.\n- Det var et godt møde, siger Holm.\n- Jeg er glad, siger hun.",
            ["Sanne Holm", "Holm"],
            ["Holm", "Holm"],
        ),
        (
            "nb",
            "Solfrid Ek og Lars Ek bor her. Ek kom.\n– Vi er klare, sier han.",
            ["Solfrid Ek", "Lars Ek", "Ek"],
            [None],
        ),
    ],
)
def test_a_pronoun_is_nobody_of_the_other_gender_by_the_full_name_of_a_surname(
    language, text, names, speakers
):
    assert [speaker for speaker, _ in said(text, language, *names)] == speakers


def test_whoever_is_spoken_of_answers_where_nobody_else_of_that_gender_is_named():
    lead = "Bo Dahl og Ada Holm møttes.\n– Hun tar feil, sier Bo Dahl om Holm.\n"
    names = ("Bo Dahl", "Ada Holm", "Holm", "Robin Dahl", "Ida Ek")
    assert said(lead + "– Det gjør jeg ikke, sier hun.", "nb", *names)[-1][0] == "Holm"
    assert said(lead + "– Det gjør jeg ikke, sier han.", "nb", *names)[-1][0] == "Bo Dahl"
    # Not over a line, not where two may be meant, not of somebody whose gender nobody knows.
    assert said(f"{lead}Regnet falt.\n– Det gjør jeg ikke, sier hun.", "nb", *names)[-1][0] is None
    two = "– Hun tar feil, sier Bo Dahl om Ada Holm og Ida Ek.\n– Å nei, sier hun."
    assert said(two, "nb", *names)[-1][0] is None
    unknown = "– Det er feil, sier Ada Holm om Robin Dahl.\n– Å nei, sier han."
    assert said(unknown, "nb", *names)[-1][0] is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("sv", "– Det är fel, säger hon om Holm."),
        ("da", "- Vi venter på svar, siger hun til Ada Holm."),
        ("nb", "– Vi venter, sier hun når Holm kommer."),
        ("en", "“They never listen,” she said of Ada Holm."),
        ("en", "“They never listen,” she told Holm."),
    ],
)
def test_whoever_is_named_after_a_pronoun_in_its_clause_is_somebody_else(language, line):
    text = f"Ada Holm kom.\n{line}"
    assert [speaker for speaker, _ in said(text, language, "Ada Holm", "Holm")] == [None]
    text = f"Ada Holm kom.\nAda Holm: «Det er greit for oss.»\n{line}"
    assert said(text, language, "Ada Holm", "Holm")[-1][0] is None


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("da", "»Det er for dyrt,« sagde Bo Dahl. »Vrøvl,« lød det fra Ada Holm.", "Ada Holm"),
        ("da", "»Hvad koster det?« spurgte Bo Dahl. »To kroner,« lød svaret fra Ada Holm.", "Ada Holm"),
        ("da", "»Kom!« skrev Bo Dahl. »Kom bare,« var Ada Holms svar.", "Ada Holm"),
        ("nb", "«Det er for dyrt», sa Bo Dahl. «Tull», lød det fra Ada Holm.", "Ada Holm"),
        ("nb", "– Det er for dyrt, sa Bo Dahl. – Tull, lød det kontante svaret fra Ada Holm.", "Ada Holm"),
        ("nn", "«Det er for dyrt», sa Bo Dahl. «Tull», kom det frå Ada Holm.", "Ada Holm"),
        ("sv", "”Det är för dyrt”, sade Bo Dahl. ”Struntprat”, löd svaret från Ada Holm.", "Ada Holm"),
        ("en", "“It is too dear,” said Bo Dahl. “Nonsense,” came the reply from Ada Holm.", "Ada Holm"),
        ("en", "“It is too dear,” said Bo Dahl. “Nonsense,” came the swift reply from Ada Holm.", "Ada Holm"),
        ("en", "“It is too dear,” said Bo Dahl. “Too late,” was Ada Holm’s answer.", "Ada Holm"),
        ("en", "“It is too dear,” said Bo Dahl. “Nonsense,” shouted Ada Holm.", "Ada Holm"),
        ("en", "“It is too dear,” said Bo Dahl. “Nonsense,” boomed Ada Holm.", "Ada Holm"),
        ("da", "»Det er for dyrt,« sagde Bo Dahl. »Vrøvl,« rungede det gennem salen.", None),
        ("da", "»Det er for dyrt,« sagde Bo Dahl. »Vrøvl!« rungede det gennem salen.", None),
        ("en", "“It is too dear,” said Bo Dahl. “Nonsense,” went up the cry.", None),
        ("da", "»Det er for dyrt,« sagde Bo Dahl. »Vi siger nej.« Så gik Ada Holm.", "Bo Dahl"),
        ("en", "“It is,” said Bo Dahl, “too dear,” and left.", "Bo Dahl"),
    ],
)  # fmt: skip
def test_the_second_quote_of_a_paragraph_is_whose_the_words_behind_it_say(language, text, speaker):
    names = ("Bo Dahl", "Ada Holm", "Ada Holms")
    found = [one and one.removesuffix("s") for one, _ in said(text, language, *names)]
    assert found == ["Bo Dahl", speaker]


def test_a_father_s_and_a_son_s_surname_is_the_word_before_the_number():
    text = "Bo Holm kom. Finn Holm III gik.\n- Vi er klar, siger Holm."
    assert said(text, "da", "Bo Holm", "Finn Holm III") == [(None, "Vi er klar")]
    text = "Finn Holm III gik.\n- Vi er klar, siger Holm."
    assert said(text, "da", "Finn Holm III") == [("Finn Holm III", "Vi er klar")]


# --- Any text ---------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["- ", "– ", "»", "«", "“", "”", '"', "'", ", ", ". ", "? ", "\n", "\n\n", "Ada Holm", "siger",
     "sa", "said", "han", "she", "ifølge ", "Vi er klar", " ", "til", "la", "X", "\x00", "😀"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["da", "nb", "sv", "en", ""]))
@example('"\n"', "da")
def test_any_text_gives_quotes_in_order_that_do_not_overlap(text, language):
    names = names_in(text, "Ada Holm")
    last = 0
    for quote in find_quotes(text, names, language):
        assert last <= quote.start < quote.end <= len(text)
        assert text[quote.start : quote.end].strip()
        assert quote.speaker is None or 0 <= quote.speaker < len(names)
        assert 0 < quote.confidence <= 1
        last = quote.end


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90))))
def test_names_that_lie_anywhere_do_no_harm(text, places):
    names = [Name(start, end, text[start:end]) for start, end in places]
    find_quotes(text, names, "da")


@pytest.mark.parametrize(
    "text",
    ['"' * 40000, "- Ja, siger han.\n" * 4000, "“a b c,” he said. " * 4000, "«x " * 20000,
     ", siger " * 10000, '"a\n' * 20000, "- Abc" + " a. b" * 20000],
)  # fmt: skip
def test_the_time_does_not_explode_on_hostile_text(text):
    names = [Name(at, at + 4, text[at : at + 4]) for at in range(0, len(text) - 4, 50)]
    with ends_within():
        find_quotes(text, names, "da")
        find_quotes(text, names, "en")


# --- What is kept -----------------------------------------------------------------------------


@pytest.fixture
def quoted(db) -> Article:
    """An article in which a person is quoted once."""
    text = "- Vi er klar, siger Ada Holm.\nRegnen faldt over havnen."
    article = ArticleFactory(headline="Broen", body=text)
    person = EntityFactory(name="Ada Holm")
    MentionFactory(article=article, entity=person, start=20, end=28)
    store_quotes([article])
    return article


def test_a_quote_is_kept_with_its_place_and_its_speaker(quoted):
    [quote] = Quote.objects.all()
    assert quoted.body[quote.start : quote.end] == "Vi er klar"
    assert (quote.field, quote.speaker.entity.name, quote.cue) == ("body", "Ada Holm", "siger")


def test_finding_quotes_again_changes_nothing(quoted):
    before = list(Quote.objects.values_list("field", "start", "end", "speaker"))
    assert store_quotes([quoted]) == 1
    assert list(Quote.objects.values_list("field", "start", "end", "speaker")) == before


def test_a_quote_follows_its_speaker_through_merge_and_unmerge(quoted):
    person = Mention.objects.get().entity
    other = EntityFactory(name="A. Holm")
    merge(other, [person])
    assert [quote.start for quote in quotes_by(other)] == [2]
    assert spoken_in([quoted.pk])[quoted.pk][0].entity_id == other.pk
    person.refresh_from_db()
    unmerge(person)
    assert not quotes_by(other).exists()
    assert quotes_by(person).count() == 1


def test_a_rejected_mention_speaks_no_longer(quoted):
    mention = Mention.objects.get()
    reject_mentions([mention])
    assert not quotes_by(mention.entity).exists()
    assert spoken_in([quoted.pk]) == {}


def test_quotes_of_hidden_articles_are_not_shown(quoted):
    Article.objects.update(status=Article.Status.RESTRICTED)
    assert not quotes_by(Mention.objects.get().entity).exists()


def test_a_place_is_no_speaker(db):
    article = ArticleFactory(body="- Vi er klar, siger Fjordby.")
    MentionFactory(
        article=article, entity=EntityFactory(name="Fjordby", kind=Kind.PLACE), start=20, end=27
    )
    store_quotes([article])
    assert Quote.objects.get().speaker is None


def test_an_import_finds_the_quotes_and_finds_them_anew_when_the_text_changes(db, tmp_path):
    file = tmp_path / "a.jsonl"
    row = (
        '{"id": "1", "source": "Fjordposten", "headline": "Broen", "language": "da", "text": "%s"}'
    )
    person = "Statsminister Mette Frederiksen kom til havnen i går."
    file.write_text(row % f"{person}\\n- Vi er klar til broen, siger Mette Frederiksen.")
    run_job(new_job([file]))
    [quote] = Quote.objects.all()
    assert quote.article.body[quote.start : quote.end] == "Vi er klar til broen"
    assert quote.speaker.entity.name == "Mette Frederiksen"
    file.write_text(row % f"{person}\\n- Vi er slet ikke klar, siger Mette Frederiksen.")
    run_job(new_job([file]))
    [quote] = Quote.objects.all()
    assert quote.article.body[quote.start : quote.end] == "Vi er slet ikke klar"


def test_names_read_anew_keep_their_quotes(quoted):
    quoted.body = "- Vi er klar, siger Mette Frederiksen.\n" + quoted.body
    quoted.save()
    reread_names(quoted)
    texts = [quoted.body[quote.start : quote.end] for quote in Quote.objects.order_by("start")]
    assert texts == ["Vi er klar", "Vi er klar"]
    assert Quote.objects.order_by("start").first().speaker.entity.name == "Mette Frederiksen"
