"""From analysed records to rows: one transaction a chunk, one outcome a record."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from archive.changes import announce
from archive.entities.decisions import UNDECIDED, move_decisions
from archive.entities.extract import Span, extract
from archive.entities.locks import store_beside_others
from archive.entities.mentions import Found, add_mentions, replace_mentions
from archive.entities.spoken import store_quotes
from archive.families.placing import place
from archive.ingest.analysis import Analysis
from archive.ingest.corrections import corrected
from archive.ingest.known import identify
from archive.ingest.prepared import TEXT_FIELDS, Prepared, sha256
from archive.ingest.publishers import add_credits, sources_named
from archive.models import (
    Article,
    ArticleVersion,
    Credit,
    Job,
    Mention,
    Original,
    Outcome,
    Source,
)

Result = Outcome.Result
_BATCH = 500
_AGAIN = "The same record stands earlier in this job."
_CORRECTED = "The same file gave this article before: taken for its corrected text."
_SOURCE = "The same record came without a source before: the article has one now."
_OLDER = "This very record was taken in before; a newer one has replaced it and is kept."


@dataclass(slots=True)
class Stored:
    """What storing a chunk came to."""

    counts: dict[str, int] = field(default_factory=dict)
    entity_ids: set[int] = field(default_factory=set)
    article_ids: list[int] = field(default_factory=list)
    rejections: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        """Count what another chunk came to."""
        for name, number in other.counts.items():
            self.counts[name] = self.counts.get(name, 0) + number
        self.entity_ids |= other.entity_ids
        self.article_ids += other.article_ids
        self.rejections += other.rejections


def store_chunk(job: Job, chunk: Sequence[Prepared]) -> Stored:
    """Store a chunk of one job in one transaction: all of it or, if it fails, nothing."""
    with transaction.atomic():
        work = _Chunk(job, chunk)
        stored = work.store()
        # At the end: imports wait for each other while stories are found, and what one holds until
        # then none of the others needs.
        place(list(work.read.values()))
        return stored


class _Chunk:
    """The work of one transaction."""

    def __init__(self, job: Job, chunk: Sequence[Prepared]) -> None:
        self.job, self.chunk = job, chunk
        self.stored = Stored(dict.fromkeys(Result.values, 0))
        self.outcomes: list[Outcome] = []
        self.originals: dict[str, Original] = {}
        self.corrected_ids: set[int] = set()
        self.read: dict[int, Article] = {}  # those of which the story is to be found

    def store(self) -> Stored:
        valid = [prepared for prepared in self.chunk if prepared.record is not None]
        identify(valid)
        self._keep_originals()
        store_beside_others()
        existing = {
            article.identity: article
            for start in range(0, len(valid), _BATCH)
            for article in Article.objects.select_for_update(no_key=True)
            .filter(identity__in=[p.identity for p in valid[start : start + _BATCH]])
            .order_by("pk")
        }
        corrections = corrected(valid, existing, lock=True)
        self.corrected_ids = {article.pk for article in corrections.values()}
        existing |= corrections
        # The records of this job that an earlier chunk dealt with: the same again is a duplicate.
        seen = set(
            Outcome.objects.filter(
                job=self.job, article__in=[article.pk for article in existing.values()]
            ).values_list("article_id", flat=True)
        )
        replaced = set(
            ArticleVersion.objects.filter(
                article__in=[article.pk for article in existing.values()]
            ).values_list("article_id", "original_id")
        )
        sources = sources_named(
            {prepared.source_name for prepared in valid if prepared.source_name}
        )
        new: dict[str, tuple[Prepared, Article]] = {}
        dealt: dict[str, str] = {}  # identity -> checksum, of this chunk
        newer: list[Prepared] = []
        changed: list[tuple[Prepared, Article]] = []
        later: list[tuple[Prepared, str]] = []
        for prepared in self.chunk:
            if prepared.record is None:
                result = Result.DUPLICATE if prepared.is_duplicate else Result.REJECTED
                self._outcome(prepared, result, prepared.problem)
                continue
            article = existing.get(prepared.identity)
            before = dealt.setdefault(prepared.identity, prepared.checksum)
            if before != prepared.checksum:
                newer.append(prepared)
            elif prepared.identity in new:
                later.append((prepared, _AGAIN))
            elif article is None:
                article = Article(identity=prepared.identity, job=self.job)
                self._fill(article, prepared, sources)
                new[prepared.identity] = (prepared, article)
            elif article.pk in seen and article.checksum == prepared.checksum:
                self._outcome(prepared, Result.DUPLICATE, _AGAIN, article)
            elif article.checksum == prepared.checksum:
                seen.add(article.pk)
                self._outcome(prepared, Result.UNCHANGED, "", article)
                if prepared.file_key != article.file_key:
                    Article.objects.filter(pk=article.pk).update(file_key=prepared.file_key)
            elif (article.pk, getattr(self._original(prepared), "pk", 0)) in replaced:
                seen.add(article.pk)
                self._outcome(prepared, Result.UNCHANGED, _OLDER, article)
            else:
                seen.add(article.pk)
                changed.append((prepared, article))
        self._create(list(new.values()))
        for prepared, reason in later:
            self._outcome(prepared, Result.DUPLICATE, reason, new[prepared.identity][1])
        self._update(changed, sources)
        self._finish()
        if newer:
            # The same record with another content: a later version, as wires send them.
            later_ones = _Chunk(self.job, newer)
            self.stored.add(later_ones.store())
            self.read |= later_ones.read
        return self.stored

    # -- originals ------------------------------------------------------------------------------

    def _keep_originals(self) -> None:
        """The bytes of every record that may be stored or was rejected, each once."""
        wanted: dict[str, Original] = {}
        for prepared in self.chunk:
            raw = prepared.raw
            if not raw:
                continue
            digest = sha256(raw)
            wanted.setdefault(
                digest,
                Original(
                    sha256=digest,
                    compressed=zlib.compress(raw, 6),
                    size=len(raw),
                    media_type=prepared.record.media_type if prepared.record else "",
                    encoding=prepared.record.encoding if prepared.record else "",
                    name=prepared.locator[-500:],
                ),
            )
        known = Original.objects.defer("compressed").in_bulk(list(wanted), field_name="sha256")
        missing = [original for digest, original in wanted.items() if digest not in known]
        Original.objects.bulk_create(missing, batch_size=_BATCH)
        self.originals = known | {original.sha256: original for original in missing}

    def _original(self, prepared: Prepared) -> Original | None:
        return self.originals.get(sha256(prepared.raw)) if prepared.raw else None

    # -- articles -------------------------------------------------------------------------------

    def _fill(self, article: Article, prepared: Prepared, sources: dict[str, Source]) -> None:
        """Put what the record and its analysis say into the article, but for curated fields."""
        record, analysis = prepared.record, prepared.analysis
        assert record is not None
        assert analysis is not None
        keep = set(article.curated_fields)
        values: dict[str, object] = {name: getattr(record, name) for name in TEXT_FIELDS}
        values["byline"] = (record.byline or analysis.credits.byline)[:500]
        values |= {
            "external_id": record.external_id[:300],
            "url": record.url,
            # A correction that does not say its source, or its language, takes neither away.
            "source": sources.get(prepared.source_name) or article.source,
            "status": article.status,
        }
        is_told = article.language_decided == Article.Decided.RECORD and article.pk is not None
        if "language" not in keep and (record.language or not is_told):
            article.language = analysis.language
            article.language_confidence = analysis.language_confidence
            article.language_decided = analysis.language_decided
        if "date_edtf" not in keep:
            article.date = analysis.date
            article.date_origin = analysis.date_origin
            article.date_printed = analysis.date_printed
        for name, value in values.items():
            if name not in keep:
                setattr(article, name, value)
        article.identity, article.file_key = prepared.identity, prepared.file_key
        article.extra = record.extra
        article.original = self._original(prepared)
        article.checksum = prepared.checksum

    def _create(self, new: list[tuple[Prepared, Article]]) -> None:
        Article.objects.bulk_create([article for _, article in new], batch_size=_BATCH)
        self._add_findings(new)
        for prepared, article in new:
            notes = " ".join(prepared.analysis.notes) if prepared.analysis else ""
            self._outcome(prepared, Result.CREATED, notes, article)

    def _update(self, changed: list[tuple[Prepared, Article]], sources: dict[str, Source]) -> None:
        if not changed:
            return
        ids = [article.pk for _, article in changed]
        last = dict(
            ArticleVersion.objects.filter(article__in=ids)
            .values_list("article")
            .annotate(Max("number"))
            .order_by()
        )
        versions = []
        for prepared, article in changed:
            before = copy(article)
            old = {name: getattr(article, name) for name in (*TEXT_FIELDS, "date_edtf")}
            version = ArticleVersion(
                article=article,
                number=last.get(article.pk, 0) + 1,
                original_id=article.original_id,
                replaced_by_job=self.job,
                **old,
            )
            self._fill(article, prepared, sources)
            if any(getattr(before, name) != getattr(article, name) for name in TEXT_FIELDS):
                versions.append(version)
                move_decisions(article, before)
            article.save()
            notes = list(prepared.analysis.notes) if prepared.analysis else []
            if article.pk in self.corrected_ids:
                notes.append(_CORRECTED)
            if before.source_id is None and article.source_id is not None:
                notes.append(_SOURCE)
            self._outcome(prepared, Result.UPDATED, " ".join(notes), article)
        ArticleVersion.objects.bulk_create(versions)
        unsettled = [
            article.pk for _, article in changed if "credits" not in article.curated_fields
        ]
        Credit.objects.filter(article__in=unsettled).delete()
        machine = Mention.objects.filter(UNDECIDED, article__in=ids)
        self.stored.entity_ids.update(
            machine.values_list("entity", flat=True).order_by().distinct()
        )
        self._add_findings(changed, replace_mentions)

    def _add_findings(
        self,
        pairs: list[tuple[Prepared, Article]],
        store_mentions: Callable[[Sequence[Found]], set[int]] = add_mentions,
    ) -> None:
        """Store credits and mentions, and announce the articles to whoever indexes them."""
        add_credits(pairs)
        found = [(article, prepared.analysis) for prepared, article in pairs if prepared.analysis]
        self.stored.entity_ids |= store_mentions(
            [(article, _names(article, analysis), article.language) for article, analysis in found]
        )
        store_quotes(article for article, _ in found)
        ids = [article.pk for _, article in pairs]
        self.stored.article_ids += ids
        announce(ids)
        self.read |= {article.pk: article for _, article in pairs}

    # -- outcomes -------------------------------------------------------------------------------

    def _outcome(
        self, prepared: Prepared, result: str, reason: str, article: Article | None = None
    ) -> None:
        self.stored.counts[result] += 1
        if result == Result.REJECTED:
            self.stored.rejections.append((prepared.locator, reason))
        self.outcomes.append(
            Outcome(
                job=self.job,
                position=prepared.position,
                # A record tried again from a file of its own is still the one that it was.
                locator=(self.job.parameters.get("record") or prepared.locator)[-1000:],
                result=result,
                reason=reason,
                article=article,
                original=self._original(prepared) if result == Result.REJECTED else None,
            )
        )

    def _finish(self) -> None:
        Outcome.objects.bulk_create(self.outcomes, batch_size=_BATCH)
        Job.objects.filter(pk=self.job.pk).update(
            **{result: F(result) + number for result, number in self.stored.counts.items()}
        )


def _names(article: Article, analysis: Analysis) -> list[Span]:
    """The names of the article as it is stored: a text that a curator mended is read anew.

    So is one that is known to be in another language than was found.
    """
    if article.text == analysis.text and article.language == analysis.language:
        return analysis.names
    return extract(article.text, article.language or None)


def touch_job(job: Job, status: str, message: str = "") -> None:
    """Set a job's status with the time that goes with it."""
    job.status = status
    job.message = message
    now = timezone.now()
    if status == Job.Status.RUNNING:
        job.started_at, job.finished_at = job.started_at or now, None
    else:
        job.finished_at = now
    job.save(update_fields=["status", "message", "started_at", "finished_at"])
