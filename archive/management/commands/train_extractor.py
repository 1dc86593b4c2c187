"""Trains the model that finds names, from the corpora, and scores it."""

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.entities import corpora, gazetteer
from archive.entities.extract import MODEL_FILE, Extractor
from archive.entities.silver import Silver, read_silver
from archive.entities.tagger import Weights

_COLUMNS = ("PER", "ORG", "LOC", "micro", "untyped")


class Command(BaseCommand):
    help = (
        "Train the model that finds names in text. The same data give the same model. "
        "Needs the corpora (see archive/entities/model/MODEL_CARD.md), which are not shipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.BASE_DIR.parent / "shared" / "data",
            help="folder with ner/ and aliases/ (default: ../shared/data)",
        )
        parser.add_argument(
            "--output",
            type=Path,
            default=gazetteer.MODEL_DIR,
            help="folder to write the model to (default: the installed model's)",
        )
        parser.add_argument(
            "--lists", action="store_true", help="build the lists of names and words anew as well"
        )
        parser.add_argument(
            "--uner",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="further training sentences in the form of Universal NER (en_ewt-ud-train.iob2)",
        )
        parser.add_argument(
            "--silver",
            type=Path,
            metavar="FILE",
            help="further sentences for the hidden units, labelled by label_silver",
        )
        parser.add_argument(
            "--go-on",
            type=Path,
            metavar="FILE",
            help="weights of a model with hidden units that learns on; no field is trained first",
        )
        parser.add_argument(
            "--linear",
            action="store_true",
            help="leave out the hidden units, whose training needs requirements-training.txt",
        )
        parser.add_argument("--evaluate", action="store_true", help="print the scores afterwards")
        parser.add_argument(
            "--evaluate-only",
            action="store_true",
            help="score the model in --output as it is, by sentences and by whole documents",
        )

    def handle(self, *args: object, **options: object) -> None:
        data, output = Path(str(options["data"])), Path(str(options["output"]))
        if not data.is_dir():
            raise CommandError(f"There is no folder {data}. Give the corpora with --data.")
        output.mkdir(parents=True, exist_ok=True)
        try:
            gold = corpora.read_gold(data)
            for path in options["uner"]:  # type: ignore[attr-defined]
                gold += corpora.read_iob2(path)
            if options["lists"]:
                self._build_lists(data, output)
            if not options["evaluate_only"]:
                silver = read_silver(options["silver"]) if options["silver"] else []  # type: ignore[arg-type]
                first = Weights.load(options["go_on"]) if options["go_on"] else None  # type: ignore[arg-type]
                self._train(gold, silver, output, hidden=not options["linear"], first=first)
            if options["evaluate"] or options["evaluate_only"]:
                self._evaluate(gold, output)
        except FileNotFoundError as error:
            raise CommandError(f"Missing file: {error.filename}") from error
        except ModuleNotFoundError as error:
            wanted = "training" if error.name == "torch" else "dev"
            raise CommandError(
                f"{error.name} is not installed. Install requirements-{wanted}.txt first."
            ) from error
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _build_lists(self, data: Path, output: Path) -> None:
        from archive.entities import lists

        names = lists.build_names(data)
        gazetteer.write_names(names, output / gazetteer.NAMES_FILE.name)
        lists.build_words().save(output / gazetteer.WORDS_FILE.name)
        self.stdout.write(f"{len(names):,} names listed")

    def _train(
        self,
        gold: list[corpora.GoldSentence],
        silver: list[Silver],
        output: Path,
        *,
        hidden: bool = True,
        first: Weights | None = None,
    ) -> None:
        from archive.entities import training
        from archive.entities.hidden import add_hidden_units, go_on

        if hidden or first:
            import_module("torch")  # what is missing is told before the long part
        started = perf_counter()
        chosen = [sentence for sentence in gold if sentence.part == "train"]
        names = gazetteer.NameList.load(output / gazetteer.NAMES_FILE.name)
        words = gazetteer.WordList.load(output / gazetteer.WORDS_FILE.name)
        if first:
            weights = go_on(chosen, first, names, words, silver)
        else:
            weights = training.train(chosen, names, words)
            if hidden:
                weights = add_hidden_units(chosen, weights, names, words, silver)
        path = output / MODEL_FILE.name
        weights.save(path)
        self.stdout.write(
            f"{len(weights.rows):,} features weighed in {perf_counter() - started:.0f} s, "
            f"{path.stat().st_size / 1e6:.1f} MB in {path}"
        )

    def _evaluate(self, gold: list[corpora.GoldSentence], output: Path) -> None:
        extractor = Extractor(
            Weights.load(output / MODEL_FILE.name),
            gazetteer.NameList.load(output / gazetteer.NAMES_FILE.name),
            gazetteer.WordList.load(output / gazetteer.WORDS_FILE.name),
        )
        for part in ("dev", "test"):
            chosen = [sentence for sentence in gold if sentence.part == part]
            self._score(f"{part}, sentences", chosen, extractor)
            self._score(f"{part}, documents", corpora.documents(chosen), extractor)

    def _score(self, what: str, texts: list[corpora.GoldSentence], extractor: Extractor) -> None:
        from archive.entities import training

        started = process_time()
        scores = training.score(texts, extractor.extract)
        speed = sum(len(one.text.split()) for one in texts) / max(process_time() - started, 1e-9)
        self.stdout.write(f"\n{what}: {len(texts):,}, {speed:,.0f} words a second of processor")
        self.stdout.write(f"{'F1 of exact spans':22}" + "".join(f"{c:>9}" for c in _COLUMNS))
        for dataset in corpora.CORPORA:
            if (dataset, "micro") in scores:
                cells = "".join(f"{scores[dataset, c].f1:9.1f}" for c in _COLUMNS)
                self.stdout.write(f"{dataset:22}{cells}")
