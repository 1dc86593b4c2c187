"""From the names of articles to entities of the archive: identity first, evidence second."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.entities.bearers import Bearer, Bearers
from archive.entities.exonyms import places
from archive.entities.known import CURATED, Known, former, has_left, preferred
from archive.entities.named import SURE, WEAK, Named
from archive.entities.sought import JOINED_BY
from archive.models import Entity, Form
from archive.text.normalise import form_key

#: A form that the archive knows as another kind wins over an uncertain guess of the model.
_UNCERTAIN = 0.9
_WELL_KNOWN = 5
#: Rows asked for at once; SQLite allows 250,000 variables, older builds 999.
_BATCH = 500
#: Two letters are told apart by their case: AP is a news agency, Ap a party.
_INITIALS = 2


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name with the entity and the form it is a mention of, and why."""

    name: Named
    entity_id: int
    form_id: int
    rule: str = ""  # empty: the form is the entity's own
    confidence: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Match:
    known: Known
    rule: str = ""
    confidence: float | None = None
    evidence: str = ""


class Register:
    """Finds or creates the entities of names, a chunk of articles at a time.

    It is used inside the transaction that stores the articles and forgotten afterwards, so that
    it can never answer from before a curator's decision.
    """

    def __init__(self) -> None:
        self._known: dict[str, list[Known]] = {}
        self._bearers = Bearers()
        self._meant: dict[int, Known] = {}
        self._owners: dict[tuple[str, int], int] = {}
        #: Whose spellings a key is by a rule that holds across articles.
        self._joined: dict[str, set[int]] = defaultdict(set)
        self._places = places()

    def load(self, keys: Iterable[str]) -> None:
        """Read what the archive knows of these keys (one query a batch)."""
        wanted = sorted(set(keys) - self._known.keys())
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            for key in batch:
                self._known.setdefault(key, [])
            entities: dict[tuple[str, int], Known] = {}
            rows = Form.objects.filter(key__in=batch).select_related(
                "entity__merged_into__merged_into"
            )
            for form in rows:
                entity = form.entity
                while entity.status == Entity.Status.MERGED and entity.merged_into:
                    entity = entity.merged_into
                if _is_dependent(form):
                    if form.rule in JOINED_BY:
                        self._joined[form.key].add(form.entity_id)
                    if form.rule in ("", "surname") and entity.status == Entity.Status.ACTIVE:
                        self._bearers.add(form.key, entity)
                        self._owners.setdefault((form.key, entity.pk), form.entity_id)
                    continue
                known = entities.get((form.key, form.entity_id))
                if known is None:
                    weight = entity.article_count + (CURATED if entity.is_curated else 0)
                    rejected = entity.status == Entity.Status.REJECTED
                    owner = form.entity
                    known = Known(entity.pk, owner.pk, owner.kind, entity.kind, weight, rejected)
                    known.is_named = owner.pk == entity.pk and owner.sort_key == form.key
                    entities[form.key, owner.pk] = known
                    self._known[form.key].append(known)
                known.forms[form.text] = form.pk

    def resolve(self, articles: Sequence[Sequence[Named]]) -> list[list[Resolved]]:
        """For each article its names, with the entities they are mentions of.

        Creates the entities and forms that are missing. What is a mention of a rejected entity is
        told as well: no reader sees it, and it is there when the rejection is taken back.
        """
        names = [name for article in articles for name in article]
        self._load_all(names)
        matches: dict[int, _Match] = {}
        bare: list[tuple[Named, Sequence[Named]]] = []
        for article in articles:
            for name in article:
                if self._bearers.of(name.own) and _is_bare(name):
                    bare.append((name, article))
                elif match := self._match(name):
                    matches[id(name)] = match
        # Who is meant by a surname alone is told by whom the article names beside it.
        for name, article in bare:
            match = self._match(name)
            if match is None or not match.known.is_settled:
                match = self._borne(name, article, matches) or match
            elif name.former and (borne := self._borne(name, article, matches)):
                match = borne if has_left(name, borne.known, match.known) else match
            if match:
                matches[id(name)] = match
        self._create_missing_entities([name for name in names if id(name) not in matches])
        for name in names:
            if id(name) not in matches and (match := self._match(name)):
                matches[id(name)] = match
        self._create_missing_forms(names, matches)
        return [
            [self._resolved(name, matches[id(name)]) for name in article if id(name) in matches]
            for article in articles
        ]

    def _load_all(self, names: Sequence[Named]) -> None:
        keys: set[str] = set()
        for name in names:
            keys.update((name.own, *name.other_keys))
            if entry := self._across(name):
                keys.update(self._places.keys(entry))
        self.load(keys)

    def _resolved(self, name: Named, match: _Match) -> Resolved:
        form = match.known.forms[name.base]
        return Resolved(
            name, match.known.entity_id, form, match.rule, match.confidence, match.evidence
        )

    # -- matching -------------------------------------------------------------------------------

    def _match(self, name: Named) -> _Match | None:
        """What the archive knows the name as, or None."""
        own = self._by_key(name, name.own)
        if name.head is None:
            if own:
                return _Match(own)
            return self._by_other_key(name)
        head = self._match(name.head)
        if name.rule in WEAK and own and (head is None or self._is_better(own, head.known, name)):
            return _Match(own)
        if head is None or head.known.is_rejected:
            return None if head is None else head
        if own is head.known:
            return _Match(own)
        return _Match(head.known, name.rule, SURE[name.rule], name.head.base)

    def _is_better(self, own: Known, head: Known, name: Named) -> bool:
        """Whether a short form rather is what is known by that very name than what it is short for.

        Not where the article had it for the latter and a curator has given the former that name.
        """
        return own.weight > head.weight and not (own.is_decided and has_left(name, head, own))

    def _by_key(self, name: Named, key: str) -> Known | None:
        candidates = self._known.get(key, [])
        if len(key) == _INITIALS and key == name.own:
            candidates = [known for known in candidates if known.is_written(name.base)]
        if stays := former(candidates, name):
            return stays
        same_kind = [known for known in candidates if known.kind == name.kind]
        if same_kind:
            return preferred(same_kind, name)
        if candidates:
            # A curator's decision on a form holds whatever the model thinks its kind is; a
            # well-known form corrects the model where the model itself is unsure.
            best = preferred(candidates, name)
            if best.is_settled or (
                best.weight >= _WELL_KNOWN and name.span.confidence < _UNCERTAIN
            ):
                return best
        return None

    def _by_other_key(self, name: Named) -> _Match | None:
        """The entity that another form of the article, or another language, knows it by."""
        for key in name.other_keys:
            known = self._by_key(name, key) if len(key) > _INITIALS else None
            # Where a curator has decided what the short form is, the long one follows it.
            if known and self._may_be(known, name, known.is_of(name) or known.is_decided):
                return _Match(known, "acronym", SURE["acronym"], key)
        entry = self._across(name)
        keys = sorted(self._places.keys(entry), reverse=True) if entry else []
        found = [
            (known, key)
            for key in keys
            for known in self._known.get(key, ())
            if self._may_be(
                known, name, known.is_of(name) or self._is_another_kind(known, name, keys)
            )
        ]
        if not found:
            return None
        meant = self._meant_across([known for known, _ in found], name)
        key = next(key for known, key in found if known is meant)
        rule = "exonym" if name.kind == "place" else "known alias"
        return _Match(meant, rule, SURE[rule], key)

    def _may_be(self, known: Known, name: Named, is_alike: bool) -> bool:
        """Whether a name may be joined to what goes by another one.

        To what is rejected only a name that was joined to it before: that it is no name of anything
        was said of its spellings, and they would come back as an entity of their own.
        """
        if known.is_rejected:
            return known.owner_id in self._joined.get(name.own, ())
        return is_alike

    def _meant_across(self, candidates: Sequence[Known], name: Named) -> Known:
        """Which of several that have another name of the same entry."""
        if stays := former(candidates, name):
            return stays
        # First those that have been called by the name itself.
        owners = self._joined.get(name.own, ())
        called = [known for known in candidates if known.owner_id in owners] or candidates
        return preferred([known for known in called if known.is_of(name)] or called, name)

    def _is_another_kind(self, known: Known, name: Named, keys: Sequence[str]) -> bool:
        """Whether it is what the lists mean by the name, though a curator changed its kind.

        It is where the lists have joined names of this entry to it before; Copenhagen is not the
        club that a curator knows as København.
        """
        joined = any(known.owner_id in self._joined.get(key, ()) for key in (name.own, *keys))
        return known.is_decided and (joined or known.kind == "other")

    def _across(self, name: Named) -> str:
        """The entry of the lists that it is one with in any language; "south Africa" is none."""
        if name.base[:1].islower():
            return ""
        return self._places.across(name.kind, name.own)

    def _borne(
        self, name: Named, article: Sequence[Named], matches: dict[int, _Match]
    ) -> _Match | None:
        """The one well-known person of this surname whom the rest of the article speaks for."""
        beside = {
            match.known.entity_id
            for other in article
            if other.own != name.own and (match := matches.get(id(other)))
        }
        bearer: Bearer | None = self._bearers.meant(name.own, beside)
        if bearer is None:
            return None
        owner = self._owners[name.own, bearer.entity_id]
        known = self._meant.setdefault(
            owner, Known(bearer.entity_id, owner, "person", "person", bearer.weight, False)
        )
        return _Match(known, "bearer", bearer.confidence, bearer.evidence)

    # -- creating -------------------------------------------------------------------------------

    def _create_missing_entities(self, names: Sequence[Named]) -> None:
        spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for name in names:
            # The name of an entity is a full form, never the surname that was joined to it.
            if name.head is None:
                own = name.base if len(name.own) == _INITIALS else name.own
                group = self._across(name) or own
                spellings[name.kind, group][name.base] += 1
        entities = []
        for (kind, _), counter in spellings.items():
            best = _best_spelling(counter)
            entities.append(Entity(kind=kind, name=best, sort_key=form_key(best)))
        Entity.objects.bulk_create(entities, batch_size=_BATCH)
        for entity in entities:
            self._known.setdefault(entity.sort_key, []).append(
                Known(
                    entity.pk, entity.pk, entity.kind, entity.kind, 0, False, True, name=entity.name
                )
            )

    def _create_missing_forms(self, names: Sequence[Named], matches: dict[int, _Match]) -> None:
        missing: dict[tuple[int, str], tuple[Form, list[Known]]] = {}
        for name in names:
            match = matches.get(id(name))
            if match is None or name.base in match.known.forms:
                continue
            known = match.known
            form = Form(entity_id=known.owner_id, text=name.base, key=name.own, rule=match.rule)
            first, waiting = missing.setdefault((known.owner_id, name.base), (form, []))
            if not match.rule:
                first.rule = ""
            waiting.append(known)
        # The entity may have the spelling already, under a rule or not: ask before creating.
        asked = sorted({owner_id for owner_id, _ in missing})
        for start in range(0, len(asked), _BATCH):
            rows = Form.objects.filter(entity_id__in=asked[start : start + _BATCH])
            for pk, entity_id, text in rows.values_list("pk", "entity_id", "text"):
                _, waiting = missing.pop((entity_id, text), (None, []))
                for known in waiting:
                    known.forms[text] = pk
        Form.objects.bulk_create([form for form, _ in missing.values()], batch_size=_BATCH)
        for form, waiting in missing.values():
            for known in waiting:
                known.forms[form.text] = form.pk


def _is_bare(name: Named) -> bool:
    is_one = name.kind == "person" and not name.is_family
    return is_one and name.head is None and " " not in name.own


def _is_dependent(form: Form) -> bool:
    """Whether the form finds its entity only beside a fuller name, unless a curator said more.

    A bare surname may be another person's in another article. Forms from before rules were kept
    are told by their looks.
    """
    if form.is_curated:
        return False
    owner = form.entity
    return bool(form.rule) or (
        owner.kind == "person" and " " not in form.key and " " in owner.sort_key
    )


def _best_spelling(counter: Counter[str]) -> str:
    """The commonest spelling; among equals the one that is not all capitals, then the first."""
    return max(counter, key=lambda text: (counter[text], not (text.isupper() and len(text) > 4)))
