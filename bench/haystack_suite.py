"""Runs django-haystack's own Whoosh tests against our backend: bench.haystack_suite FOLDER."""

from __future__ import annotations

import argparse
import sys
import tempfile
import unittest
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

STOCK = "haystack.backends.whoosh_backend.WhooshEngine"
OURS = "search.engines.whoosh.NewsWhooshEngine"
SUITE = "test_haystack.whoosh_tests"


def main() -> None:
    """Run the tests below FOLDER/test_haystack and print how many pass, and why each other does not."""
    parser = argparse.ArgumentParser(prog="python -m bench.haystack_suite", description=__doc__)
    parser.add_argument("folder", type=Path, help="a copy of django-haystack's source")
    parser.add_argument("--stock", action="store_true", help="run Haystack's own Whoosh backend")
    parser.add_argument("tests", nargs="*", default=[SUITE], help="labels of tests; all by default")
    options = parser.parse_args()
    if not (options.folder / "test_haystack" / "whoosh_tests").is_dir():
        raise SystemExit(f"There is no test_haystack/whoosh_tests in {options.folder}.")
    sys.path.insert(0, str(options.folder.resolve()))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="nordarkiv-haystack-") as scratch:
        _configure(STOCK if options.stock else OURS, Path(scratch))
        result = _run(options.tests)
    _report(result)
    raise SystemExit(1 if result.failures or result.errors else 0)


def _configure(engine: str, scratch: Path) -> None:
    """Set Django up with the settings of the tests, our applications beside theirs."""
    import django
    from django.conf import settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from test_haystack import settings as theirs

    chosen: dict[str, Any] = {name: getattr(theirs, name) for name in dir(theirs) if name.isupper()}
    chosen["INSTALLED_APPS"] = [*theirs.INSTALLED_APPS, "archive", "search"]
    chosen["DATABASES"] = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(scratch / "tests.db")}
    }
    chosen["HAYSTACK_CONNECTIONS"] = {
        "default": theirs.HAYSTACK_CONNECTIONS["default"],
        "whoosh": {
            "ENGINE": engine,
            "PATH": str(scratch / "index"),
            "INCLUDE_SPELLING": True,
            # Their tests bring indexes of their own; ours is not among them.
            "EXCLUDED_INDEXES": ["search.search_indexes.ArticleIndex"],
        },
    }
    settings.configure(**chosen, SEARCH_CACHE_MB=64)
    django.setup()


def _run(labels: list[str]) -> unittest.TestResult:
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    suite = runner.build_suite(labels)
    databases = runner.setup_databases()
    try:
        result: unittest.TestResult = runner.run_suite(suite)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    return result


def _report(result: unittest.TestResult) -> None:
    """Print the counts and, for each test that did not pass, its name and what was wrong."""
    wrong = [(test, text) for test, text in (*result.failures, *result.errors)]
    passed = (
        result.testsRun - len(wrong) - len(result.skipped) - len(result.expectedFailures)
        - len(result.unexpectedSuccesses)
    )  # fmt: skip
    counts = {
        "run": result.testsRun,
        "passed": passed,
        "failed as expected": len(result.expectedFailures),
        "passed where failure was expected": len(result.unexpectedSuccesses),
        "skipped": len(result.skipped),
        "failed": len(wrong),
    }
    for name, count in counts.items():
        print(f"{count:5} {name}")
    for name, count in Counter(_place(test) for test, _ in wrong).items():
        print(f"{count:5} failed in {name}")
    for test, text in wrong:
        print(f"{_place(test)} {getattr(test, '_testMethodName', test)}")
        print("      " + text.strip().splitlines()[-1][:160])


def _place(test: Any) -> str:
    return type(test).__name__


if __name__ == "__main__":
    main()
