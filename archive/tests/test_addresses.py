"""Addresses put together by pattern are those that Django makes."""

import pytest
from django.urls import resolve, reverse, set_script_prefix
from django.utils.text import slugify

from archive.addresses import article_address, entity_address

NAMES = ["Kabul", "Ærø Å", "中国", "", "..", "a_b c", "Straße", " -x- ", "Ünal’s “x”", "ﬁ %2F/?#"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_name_has_the_address_that_django_makes(name: str) -> None:
    address = entity_address(7, name)
    assert address == reverse("entity", args=[7, slugify(name, allow_unicode=True) or "x"])


def test_addresses_stand_below_the_prefix_of_the_request() -> None:
    assert resolve(entity_address(12, "Oslo")).kwargs == {"pk": 12, "slug": "oslo"}
    try:
        set_script_prefix("/arkiv/")
        assert entity_address(12, "Oslo") == "/arkiv/entities/12/oslo/"
        assert article_address(3).startswith("/arkiv/")
    finally:
        set_script_prefix("/")
    assert entity_address(12, "Oslo") == "/entities/12/oslo/"
