"""Tests of what is read again while the old one serves."""

import threading
from itertools import count

import pytest
from django.db import DatabaseError

from search.renewed import Renewed

pytestmark = pytest.mark.django_db(transaction=True)


def ended(renewed: Renewed) -> None:
    """Wait for a renewal that is under way."""
    if renewed._renewal is not None:
        renewed._renewal.join()


def test_what_is_young_is_made_once():
    numbers = count()
    young = Renewed(lambda: next(numbers), 60.0)
    assert [young.get() for _ in range(3)] == [0, 0, 0]


def test_nobody_waits_for_what_is_made_again():
    numbers, may_go_on = count(), threading.Event()
    may_go_on.set()

    def make() -> int:
        assert may_go_on.wait(10)
        return next(numbers)

    old = Renewed(make, 0.0)
    assert old.get() == 0
    may_go_on.clear()
    assert [old.get() for _ in range(3)] == [0, 0, 0]
    renewal = old._renewal
    may_go_on.set()
    assert renewal is not None
    renewal.join()
    assert old.get() == 1
    ended(old)


def test_what_cannot_be_made_again_stays_as_it_was():
    numbers = count()

    def make() -> int:
        if number := next(numbers):
            raise DatabaseError(f"no {number}")
        return number

    old = Renewed(make, 0.0)
    for _ in range(3):
        assert old.get() == 0
        ended(old)


def test_what_cannot_be_made_at_first_is_told_and_tried_again():
    numbers = count()

    def make() -> int:
        if not (number := next(numbers)):
            raise DatabaseError("not yet")
        return number

    late = Renewed(make, 60.0)
    with pytest.raises(DatabaseError):
        late.get()
    assert late.get() == 1
