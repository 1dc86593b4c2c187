"""Places articles in stories: what is alike is one story, unless a curator said otherwise.

An article joins the one story it is most like. Two stories become one by a new article only where
it is like both as a whole; one that merely has both in it may be a round-up. A curator's decision
that two articles are, or are not, one story is never gone against, whatever comes in later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.changes import announce
from archive.chunks import chunks
from archive.families import possible, sketches
from archive.families.alone import place_alone
from archive.families.grouping import Group, Stories, Text, pairs_apart
from archive.families.settling import families_of, settle, settle_those_of
from archive.models import Article, Family, Membership
from archive.wire import families as wire

#: Texts that an article is compared with at most, and of one story.
MOST_COMPARED, MOST_OF_A_STORY = 12, 3


def place(articles: Sequence[Article], *, anew: bool = False) -> set[int]:
    """Find the stories of these articles, new or changed; the articles whose story is another now.

    Call it at the end of a transaction. The articles whose index entry is out of date by it are
    announced. Articles whose text is known already keep their story, unless they are to be looked
    at `anew`; it is settled, for their date or source may be another.
    """
    found = {article.pk: sketches.shingles_of(article) for article in articles}
    place_alone()
    known = set() if anew else sketches.unchanged(found)
    for pk in known:
        del found[pk]
    if not found:
        settle_those_of(known)
        return set()
    if not anew:
        possible.forget_open(found)
    return _Chunk({one.pk: one for one in articles if one.pk in found}, found, known).place()


class _Chunk:
    """The work on some articles at once."""

    def __init__(
        self, articles: Mapping[int, Article], found: dict[int, wire.Shingles], known: set[int]
    ) -> None:
        self.found, self.known = found, known
        self.texts = {
            pk: Text(found[pk], one.source_id, one.date_earliest, one.date_latest)
            for pk, one in articles.items()
        }
        self.before: dict[int, int] = {}  # article -> story, of all that have to do with it
        self.fixed: set[int] = set()  # articles of the chunk that a curator has placed
        self.likeness: dict[int, float] = {}
        self.stories = Stories()
        self.possible: list[possible.Near] = []

    def place(self) -> set[int]:
        sketches.forget(list(self.found))
        wanted = {pk: wire.sketch(one) for pk, one in self.found.items()}
        known = sketches.look_up(shingle for one in wanted.values() for shingle in one)
        sketches.keep(self.found, known)
        postings = {shingle: list(ids) for shingle, ids in sketches.without_common(known).items()}
        dropped = known.keys() - postings.keys()
        near: dict[int, list[int]] = {}
        for pk, lowest in wanted.items():
            near[pk] = [other for other, _ in wire.candidates(lowest, postings, 4 * MOST_COMPARED)]
            for shingle in lowest:
                if shingle not in dropped:
                    postings.setdefault(shingle, []).append(pk)
        self._read(near)
        for pk, others in near.items():
            self._join(pk, others)
        return self._write()

    # -- what is known ---------------------------------------------------------------------------

    def _read(self, near: Mapping[int, Sequence[int]]) -> None:
        """Read the stories of all articles concerned, and what curators decided of them."""
        concerned = sorted({*self.found, *(pk for others in near.values() for pk in others)})
        decided: dict[int, str] = {}
        for some in chunks(concerned):
            rows = Membership.objects.filter(article__in=some)
            for pk, family, how in rows.values_list("article", "family", "decided"):
                self.before[pk], decided[pk] = family, how
        curator = Membership.Decided.CURATOR
        self.fixed = {pk for pk in self.found if decided.get(pk) == curator}
        for pk, family in self.before.items():
            if pk not in self.found or pk in self.fixed:
                self.stories.group_of[pk] = family
        if any(near.values()):
            loose = self.found.keys() - self.fixed
            self.stories.apart = pairs_apart(
                concerned, set(self.before.values()), self.stories, loose
            )

    def _compared(self, others: Sequence[int]) -> list[int]:
        """Those of the candidates that are compared: a few of each story, some in all."""
        chosen: list[int] = []
        of_story: dict[Group, int] = {}
        for other in others:
            group = self.stories.of(other)
            if of_story.get(group, 0) < MOST_OF_A_STORY:
                of_story[group] = of_story.get(group, 0) + 1
                chosen.append(other)
        return chosen[:MOST_COMPARED]

    def _text(self, ids: Sequence[int]) -> None:
        """Read the texts of these articles that are not read yet."""
        rows = Article.objects.filter(pk__in=[pk for pk in ids if pk not in self.texts]).order_by()
        for pk, headline, standfirst, body, *rest in rows.values_list(
            "pk", "headline", "standfirst", "body", "source_id", "date_earliest", "date_latest"
        ):
            self.texts[pk] = Text(wire.shingles(headline, standfirst, body), *rest)

    # -- joining ---------------------------------------------------------------------------------

    def _join(self, pk: int, others: Sequence[int]) -> None:
        """Join an article with the story it is most like, and others it is like as a whole."""
        compared = self._compared(others)
        if not compared:
            return
        self._text(compared)
        mine = self.texts[pk]
        alike: list[tuple[wire.Likeness, int]] = []
        nearly: list[possible.Near] = []
        for other in compared:
            text = self.texts.get(other)
            if text is None:  # deleted since
                continue
            likeness = wire.likeness(mine.shingles, text.shingles)
            both, strictly = (mine.shingles, text.shingles, likeness), mine.is_far_from(text)
            if wire.is_same_story(*both, strictly=strictly):
                alike.append((likeness, other))
            elif (nearness := wire.nearness(*both, strictly=strictly)) >= wire.NEARLY:
                nearly.append(possible.Near(pk, other, nearness, likeness))
        alike.sort(key=lambda row: (-row[0].score, row[1]))
        is_placed = False
        for likeness, other in alike:
            own, group = self.stories.of(pk), self.stories.of(other)
            if own == group:
                is_placed = True
            elif (not is_placed or likeness.jaccard > wire.ALIKE) and self.stories.may_join(
                own, group
            ):
                self.stories.join(own, group)
                is_placed = True
        if alike:
            self.likeness[pk] = alike[0][0].containment
            for likeness, other in alike:
                self.likeness.setdefault(other, likeness.containment)
        self._ask(pk, nearly)

    def _ask(self, pk: int, nearly: Sequence[possible.Near]) -> None:
        """Leave the nearest of what is too little alike to a curator, where none has decided it."""
        own = self.stories.of(pk)
        for near in sorted(nearly, key=lambda near: (-near.nearness, near.other)):
            group = self.stories.of(near.other)
            if group != own and self.stories.may_join(own, group):
                self.possible.append(near)
                return

    # -- the outcome -----------------------------------------------------------------------------

    def _write(self) -> set[int]:
        stories = self.stories
        numbers = self._new_families()
        merged = {group: stories.of_group(group) for group in stories.into if group > 0}
        moved: set[int] = set()
        touched: set[int] = set()
        for gone, kept in sorted(merged.items()):
            rows = Membership.objects.filter(family=gone)
            moved.update(rows.values_list("article_id", flat=True))
            rows.update(family=kept)
            Family.objects.filter(pk=gone).update(merged_into=kept)
            touched |= {gone, kept}
        moved |= self._write_memberships(numbers, merged, touched)
        # Also where nobody moved: dates, sources and lengths choose the lead.
        touched |= families_of({*self.found, *self.known})
        announce(sorted(settle(touched) | moved))
        return moved

    def _new_families(self) -> dict[Group, int]:
        """Numbers for the groups of several articles that are no story as things stand.

        The story that such articles were, all of which are looked at anew, keeps its number.
        """
        roots = {self.stories.of_group(group) for group in self.stories.into}
        new = {root: list[int]() for root in sorted(roots) if root < 0}
        loose = self.found.keys() - self.fixed
        for pk in sorted(loose):
            if pk in self.before and self.stories.of(pk) in new:
                new[self.stories.of(pk)].append(self.before[pk])
        held = self._held(loose)
        numbers: dict[Group, int] = {}
        for root, former in new.items():
            free = [old for old in sorted(set(former)) if old not in held]
            if free:
                numbers[root] = free[0]
                held.add(free[0])
        rest = [root for root in new if root not in numbers]
        rows = Family.objects.bulk_create([Family() for _ in rest])
        return numbers | dict(zip(rest, (row.pk for row in rows), strict=True))

    def _held(self, loose: set[int]) -> set[int]:
        """The stories that have members which are not looked at anew."""
        held: set[int] = set()
        for some in chunks({self.before[pk] for pk in loose if pk in self.before}):
            rows = Membership.objects.filter(family__in=some).values_list("family", "article")
            held.update(family for family, pk in rows if pk not in loose)
        return held

    def _write_memberships(
        self, numbers: Mapping[Group, int], merged: Mapping[int, int], touched: set[int]
    ) -> set[int]:
        """Write in which story each article is now; those for which that is another one."""
        stories, moved, rows = self.stories, set(), []
        concerned = {*self.found, *(-group for group in stories.into if group < 0)}
        concerned |= {-root for root in numbers}
        for pk in sorted(concerned):
            group = stories.of(pk)
            now = numbers.get(group, group if group > 0 else None)
            before = self.before.get(pk)
            if now == before or (before in merged and now == merged[before]):
                continue
            if before is not None:
                touched.add(before)
                Membership.objects.filter(article=pk).delete()
            moved.add(pk)
            if now is not None:
                touched.add(now)
                rows.append(
                    Membership(article_id=pk, family_id=now, likeness=self.likeness.get(pk))
                )
        Membership.objects.bulk_create(rows, batch_size=500)
        possible.keep(self.possible)
        return moved
