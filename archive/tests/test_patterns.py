"""What is filled in is what Django would render."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from archive.patterns import fill, fill_each

_LINES = [
    {},
    {"remark": "day not known"},
    {"source": {"name": "Fjord & Fjell", "address": "/source/fjord/?a=1&b=2"}},
    {"chain": [{"name": "Ritzau", "address": "/r/"}]},
    {"chain": [{"name": "Ritzau", "address": "/r/"}, {"name": "Reuters <A>", "address": "/x/"}]},
    {"language": "nb", "language_name": "Bokmål"},
    {"date": mark_safe('<time datetime="2021-08">Aug. 2021</time>'), "remark": "100 %s %(x)s"},
    {"date": "\ue000 ?", "remark": "\ue001"},
]


def _line(given):
    empty = {"date": "", "remark": "", "source": None, "chain": [], "language": ""}
    return empty | {"language_name": ""} | given


@pytest.mark.parametrize("language", ["en", "da", "nb", "sv"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_pattern_says_what_the_template_says(language, is_kept, settings):
    settings.DEBUG = not is_kept
    with translation.override(language):
        for given in _LINES * 2:
            values = _line(given)
            assert fill("archive/_byline.html", values) == render_to_string(
                "archive/_byline.html", values
            )


def test_bars_and_choices_of_every_state():
    for template, texts in (
        ("archive/_bar.html", ("url", "name", "hatched", "solid", "count")),
        ("archive/_bar_head.html", ("label", "name", "group")),
        ("search/_choice.html", ("label", "count", "include_address", "exclude_address")),
    ):
        rows = [
            {
                name: f"<{name}> & {number}" if number >> at & 1 else ""
                for at, name in enumerate(texts)
            }
            | {"is_unknown": one, "is_included": one, "is_excluded": two}
            for number in range(2 ** len(texts))
            for one, two in ((False, False), (True, False), (False, True))
        ]
        whole = "".join(render_to_string(template, row) for row in rows)
        assert fill_each(template, rows) == whole
        assert all(f"&lt;{name}&gt; &amp; " in whole for name in texts)


def test_numbers_choose_their_plural():
    for versions in (1, 2, 1200, 2):
        story = {"address": "/s/", "is_lead": True, "versions": versions, "shown": f"{versions:,}"}
        assert fill("search/_story.html", {"story": story}) == render_to_string(
            "search/_story.html", {"story": story}
        )


def test_more_texts_than_there_are_marks_are_refused():
    names = [{"name": "Ada", "address": "/a/"}] * 3201
    with pytest.raises(ValueError, match="6400 texts at most"):
        fill("archive/_byline.html", _line({"chain": names}))


def test_what_is_no_text_and_no_number_is_refused():
    with pytest.raises(TypeError, match="filled with texts"):
        fill("archive/_byline.html", _line({"date": object()}))
