"""A search while the index cannot be read gives a page in plain words, not an error."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from search.engines.base import EngineUnavailable
from search.middleware import EngineUnavailableMiddleware


@pytest.mark.django_db
def test_an_unreadable_index_is_a_503_that_says_when_to_come_back():
    middleware = EngineUnavailableMiddleware(lambda request: None)
    request = RequestFactory().get("/")
    response = middleware.process_exception(request, EngineUnavailable("no index"))
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "index" in response.content.decode().lower()
    assert "no index" not in response.content.decode()


def test_any_other_exception_passes():
    middleware = EngineUnavailableMiddleware(lambda request: None)
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None
