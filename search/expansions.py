"""What the archive knows that widens a query: forms of its names, its words, their neighbours."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from archive.entities.curate import all_forms, kept
from archive.entities.exonyms import places
from archive.models import Entity, Form, Kind
from archive.text.normalise import form_key, strip_genitive
from search.analysis.dictionary import is_dictionary_word
from search.analysis.keyboards import with_nordic_letters
from search.analysis.stemming import base_language, optional_words
from search.analysis.tokens import fold
from search.analysis.words import is_acronym
from search.bridge.crossing import crossings
from search.bridge.forms import sure_forms
from search.engines import get_engine
from search.engines.base import Vocabulary
from search.names import AllForms, forms_now
from search.query.expand import Run, expand
from search.query.nodes import Node
from search.query.widening import Expansion

#: Entities one name may stand for; a name of more ("Hansen") says too little to widen.
MOST_ENTITIES = 3
#: Entities with a name, merged ones included, of which it is looked up which they are today.
_MOST_BEARERS = 100
#: Rules by which a form is joined that is as good a name of the whole as any; by the others (a surname,
#: initials) it is a part of one, and by itself may name someone else.
_WHOLE = (
    "",
    "exonym",
    "known alias",
    "defined acronym",
    "company form",
    "definite form",
    "fuller name",
)
#: Forms of one entity that are looked at.
MOST_FORMS = 40
_SHORTEST_PLAIN = 3
_SHORTEST_SURNAME = 4
#: Words of which a vocabulary remembers what they are called in other languages.
_MOST_REMEMBERED = 5000


def widened(node: Node | None, off: Iterable[str] = ()) -> Expansion:
    """The query with everything the archive knows its words by. Raises EngineUnavailable."""
    if node is None:
        return Expansion(None)
    return expand(node, ArchiveKnowledge(get_engine().vocabulary()), off)


class ArchiveKnowledge:
    """The store's names and the engine's words, as `expand` asks for them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def names(self, runs: Sequence[Run]) -> Mapping[Run, Sequence[str]]:
        """The other forms of the entities that each run of words names."""
        keys: dict[str, list[Run]] = {}
        common = _optional_words(self.vocabulary.all_languages())
        ordinary: set[Run] = set()
        for run in dict.fromkeys(runs):
            # "help us" means no country, "bil" no association; who means them writes capitals.
            if len(run) == 1 and run[0].islower():
                if fold(run[0]) in common:
                    continue
                if self._is_ordinary(run[0]):
                    ordinary.add(run)
            for key in _keys(run):
                keys.setdefault(key, []).append(run)
        forms = forms_now()
        _add_exonyms(keys, forms)
        known = forms.known(keys)
        # Most words are no name: nothing is put together for them that would ask of no one.
        named = _named(_bearers(known, keys, ordinary)) if known else {}
        other = {run: list(_other_forms(found.values())) for run, found in named.items()}
        no_names = {
            run[0]: run
            for run in dict.fromkeys(runs)
            if len(run) == 1
            and run not in ordinary
            and not any(whole for _, whole in named.get(run, {}).values())
        }
        for word, surnames in _other_surnames(no_names, forms).items():
            run = no_names[word]
            other[run] = list(dict.fromkeys([*other.get(run, ()), *surnames]))
        return other

    def _is_ordinary(self, word: str) -> bool:
        """Whether a word in small letters is a word of the lists, and no name rather in the archive."""
        folded = fold(word)
        codes = map(base_language, self.vocabulary.all_languages())
        return (
            is_dictionary_word(folded, codes)
            and bool(self.vocabulary.homes(folded))
            and not self.vocabulary.is_name(word)
        )

    def compounds(self, word: str) -> tuple[str, ...]:
        """Folded compounds that have the word in them."""
        return self.vocabulary.compounds(word)

    def bridge(self, word: str) -> Sequence[tuple[str, str]]:
        """(word, language) of what it is called in the archive's other Nordic languages."""
        known = self.vocabulary.remembered
        if word not in known:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            known[word] = [(one.text, one.language) for one in crossings(word, self.vocabulary)]
        return known[word]

    def sure_forms(self, word: str, language: str) -> tuple[str, ...]:
        """The folded forms that a word of another language is sought in alone, none for all."""
        return sure_forms(word, language)

    def letters(self, word: str) -> Sequence[str]:
        """Words it becomes with å, ø or æ for plain letters, where the archive has not the word."""
        folded = fold(word)
        if (
            len(folded) < _SHORTEST_PLAIN
            or not (word.isascii() and word.isalpha())
            or is_acronym(word)
        ):
            return []
        if self.vocabulary.count(word):
            return []
        # A stem may be found where no article has the word: it would be shown as no one writes it.
        forms = [form for form in with_nordic_letters(folded) if self.vocabulary.homes(form)]
        counts = {form: self.vocabulary.count(form) for form in forms}
        ranked = sorted((form for form in counts if counts[form]), key=lambda form: -counts[form])
        return [self.vocabulary.spelled(form) for form in ranked]

    def is_written(self, word: str) -> bool:
        """Whether an article has the word in this very form."""
        return bool(self.vocabulary.homes(fold(word)))

    def is_common(self, word: str) -> bool:
        """Whether it is a function word of a language of the archive, and no name."""
        # Most words are none: one look into one set tells that.
        if fold(word) not in _optional_words(self.vocabulary.all_languages()):
            return False
        return not self.vocabulary.is_name(word)


@lru_cache(maxsize=16)
def _optional_words(languages: tuple[str, ...]) -> frozenset[str]:
    """The words that articles in these languages need not have."""
    return frozenset[str]().union(*(optional_words(base_language(code)) for code in languages))


def _add_exonyms(keys: dict[str, list[Run]], forms: AllForms) -> None:
    """Add to the keys those of the same country, city or body in other languages: Sweden, Sverige.

    Only for names that the archive has not itself: what it has, it knows better.
    """
    listed = places()
    known = set(forms.known(keys))
    for key, runs in list(keys.items()):
        if key not in known and (entry := listed.place(key) or listed.organisation(key)):
            for other in listed.keys(entry):
                keys.setdefault(other, []).extend(runs)


def _bearers(
    known: Sequence[str], keys: Mapping[str, list[Run]], ordinary: Container[Run]
) -> dict[Run, dict[int, bool]]:
    """The entities that have one of these keys, by run of words, and whether as their whole name.

    An ordinary word is only a name that curators have added.
    """
    found: dict[Run, dict[int, bool]] = {}
    rows = Form.objects.public().filter(key__in=known).order_by()  # a hidden spelling tells nothing
    for key, rule, pk, added in rows.values_list("key", "rule", "entity_id", "is_curated"):
        for run in keys[key]:
            if run in ordinary and not added:
                continue
            whole = found.setdefault(run, {})
            whole[pk] = whole.get(pk, False) or rule in _WHOLE
    return {run: whole for run, whole in found.items() if len(whole) <= _MOST_BEARERS}


def _named(bearers: Mapping[Run, dict[int, bool]]) -> dict[Run, dict[int, tuple[Entity, bool]]]:
    """What these entities are today, those that were merged into one as that one."""
    wanted = {pk for found in bearers.values() for pk in found}
    entities = Entity.objects.select_related("merged_into").in_bulk(wanted) if wanted else {}
    named: dict[Run, dict[int, tuple[Entity, bool]]] = {}
    for run, found in bearers.items():
        for pk, is_whole in found.items():
            entity = kept(entities[pk])
            if entity.status == Entity.Status.ACTIVE:
                others = named.setdefault(run, {})
                is_whole = is_whole or others.get(entity.pk, (entity, False))[1]
                others[entity.pk] = (entity, is_whole)
    return named


@lru_cache(maxsize=20_000)
def _keys(run: Run) -> frozenset[str]:
    """The keys under which a run of words, or what it is the genitive of, is a form."""
    text = " ".join(run)
    key = form_key(text)
    keys = {key, form_key(strip_genitive(text))}
    if key.endswith("s") and len(key) > 3:
        keys.add(key[:-1])
    if len(run) > 1 and all(len(word) == 1 for word in run):
        # "U.S." is typed as two words, and is a name like "US"; "U.S.'s" is its genitive.
        joined = form_key("".join(run))
        keys |= {joined, joined[:-1]} if run[-1] == "s" and len(run) > 2 else {joined}
    return frozenset(keys - {""})


def _other_forms(named: Iterable[tuple[Entity, bool]]) -> Iterator[str]:
    """The forms of what is named: whole names for a whole name, parts ("Biden") for a part."""
    found = sorted(named, key=lambda one: (-one[0].article_count, one[0].pk))
    wholes = [entity for entity, whole in found if whole]
    if wholes and len(wholes) <= MOST_ENTITIES:
        for entity in wholes:
            rows = all_forms(entity).public().filter(rule__in=_WHOLE)
            texts = list(rows.order_by("-is_curated", "text").values_list("text", flat=True))
            # What stands in articles that are not public must not be read off a search either.
            if texts or entity.article_count:
                yield from dict.fromkeys([entity.name, *texts[:MOST_FORMS]])
    elif not wholes and len(found) == 1:
        parts = all_forms(found[0][0]).public().exclude(rule__in=_WHOLE)
        rows = parts.order_by("-is_curated", "text")
        yield from rows.values_list("text", flat=True)[:MOST_FORMS]


def _other_surnames(words: Iterable[str], names: AllForms) -> dict[str, list[str]]:
    """How else the surname of the one person who bears it is written: Donohue beside Donahue.

    Nothing where several bear it, or where it is as well the name of something else.
    """
    shortest = {word: min(_keys((word,)), key=len, default="") for word in words}
    keys = {word: key for word, key in shortest.items() if len(key) >= _SHORTEST_SURNAME}
    found: dict[str, list[str]] = {}
    for word, key in keys.items():
        forms = names.surnamed(key, _MOST_BEARERS + 1)
        if forms and (surnames := _surnames(key, forms)):
            found[word] = surnames
    return found


def _surnames(key: str, forms: Sequence[int]) -> list[str]:
    """The other surnames of the one person among the bearers of these forms."""
    rows = Form.objects.public().filter(pk__in=forms).order_by().values_list("key", "entity_id")
    ids = {pk for text, pk in rows if text.endswith(f" {key}")}
    found = Entity.objects.select_related("merged_into").in_bulk(ids).values()
    bearers = {
        one.pk: one
        for one in (kept(row) for row in found if row.kind == Kind.PERSON)
        if one.status == Entity.Status.ACTIVE
    }
    if len(bearers) != 1:
        return []
    [person] = bearers.values()
    texts = all_forms(person).public().filter(rule="").order_by("-is_curated", "text")
    last = [text.rpartition(" ")[2] for text in texts.values_list("text", flat=True) if " " in text]
    return list({form_key(one): one for one in last if form_key(one) != key}.values())[:MOST_FORMS]
