"""The one table of pages that are looked at: by axe, in pictures, on a phone, without script."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page to look at; the address is filled with the facts of the site."""

    name: str
    address: str
    status: int = 200
    curator: bool = False  # seen after logging in

    def __str__(self) -> str:
        return self.name


PUBLIC = (
    Page("home", "/"),
    Page("about", "/about/"),
    Page("results", "/search/?q=kabul"),
    Page("results-facets", "/search/?q=kabul+OR+afghanistan&language=da"),
    Page("results-all", "/search/"),
    Page("results-period", "/search/?q=kabul&from=2021-06&to=2021-13"),
    Page("results-none", "/search/?q=kabul+kvaksalver+-biden"),
    Page("results-nothing", "/search/?q=zyzzyva+kvaksalver"),
    Page("results-unknown-value", "/search/?q=language:xx+source:oresund+person:%22Joe+Bidden%22"),
    Page("results-fault", "/search/?q=%22kabul+(biden+OR"),
    Page("results-expanded", "/search/?q=lufthavn+regering&off=compounds&match=any"),
    Page("results-spelling", "/search/?q=afghanitsan"),
    Page("results-stories", "/search/?q=kabul+OR+mink&group=story"),
    Page("results-of-a-story", "/search/?q=story:{story}"),
    Page("facet-people", "/search/facet/person/?q=kabul"),
    Page("log-in", "/log-in/?next=/saved/"),
    Page("alert-stop", "{stop_alert}"),
    Page("alert-stop-unknown", "/alerts/stop/1:x/", status=404),
    Page("search-help", "/help/search/"),
    Page("article", "/articles/{article}/"),
    Page("article-from-search", "/articles/{article}/?q=kabul+lufthavn"),
    Page("article-month", "/articles/{article_partial}/"),
    Page("article-undated", "/articles/{article_undated}/"),
    Page("report", "/report/articles/{article}/"),
    Page("report-sent", "/report/articles/{article}/?sent=1"),
    Page("article-in-a-story", "/articles/{version}/"),
    Page("compare", "/articles/{version}/compare/{other_version}/"),
    Page("dates", "/dates/"),
    Page("undated", "/dates/undated/"),
    Page("on-this-day", "/dates/on/{month:02}/{day:02}/"),
    Page("year", "/dates/{year}/"),
    Page("month", "/dates/{year}/{month:02}/"),
    Page("day", "/dates/{year}/{month:02}/{day:02}/"),
    Page("entities", "/entities/"),
    Page("entities-people", "/entities/person/"),
    Page("entities-places", "/entities/place/"),
    Page("person", "{person}"),
    Page("person-articles", "{person}articles/"),
    Page("person-mentions", "{person}mentions/"),
    Page("person-quotes", "{speaker}quotes/"),
    Page("person-unquoted", "{rare}quotes/"),
    Page("person-rare", "{rare}"),
    Page("spellings", "{place}spellings/"),
    Page("place", "{place}"),
    Page("organisation", "{organisation}"),
    Page("sources", "/sources/"),
    Page("source", "/sources/{source}/"),
    Page("agencies", "/agencies/"),
    Page("agency", "/agencies/{agency}/"),
    Page("languages", "/languages/"),
    Page("language", "/languages/da/"),
    Page("not-found", "/articles/999999999/", status=404),
    Page("withdrawn", "/articles/{article_withdrawn}/", status=410),
)

#: What whoever is logged in has of his own.
OWN = (
    Page("save-search", "/saved/new/?q=kabul+lufthavn&language=da", curator=True),
    Page("save-search-alert", "/saved/new/?q=kabul&alert=daily", curator=True),
    Page("change-alert", "/saved/{mailed}/alert/", curator=True),
    Page("saved-searches", "/saved/", curator=True),
    Page("saved-search-changed", "/saved/{saved}/", curator=True),
)

ADMIN = (
    Page("admin-login", "/admin/login/"),
    Page("admin-home", "/admin/", curator=True),
    Page("analysis", "/help/analysis/?word=lufthavnen", curator=True),
    Page("admin-articles", "/admin/archive/article/", curator=True),
    Page("admin-article", "/admin/archive/article/{article}/change/", curator=True),
    Page("admin-sources", "/admin/archive/source/", curator=True),
    Page("admin-source", "/admin/archive/source/{admin_source}/change/", curator=True),
    Page("admin-entities", "/admin/archive/entity/", curator=True),
    Page("admin-entity", "/admin/archive/entity/{admin_entity}/change/", curator=True),
    Page(
        "admin-mentions", "/admin/archive/mention/?entity__id__exact={admin_entity}", curator=True
    ),
    Page("admin-entity-merge", "/admin/archive/entity/{admin_entity}/merge/", curator=True),
    Page("admin-stories", "/admin/archive/family/", curator=True),
    Page("admin-story", "/admin/archive/family/{story}/change/", curator=True),
    Page("admin-story-split", "/admin/archive/family/{story}/split/", curator=True),
    Page("admin-upload", "/admin/archive/job/upload/", curator=True),
    Page("admin-possible-stories", "/admin/archive/familysuggestion/queue/", curator=True),
    Page("admin-queue", "/admin/archive/mergesuggestion/queue/", curator=True),
    Page("admin-suggestions", "/admin/archive/mergesuggestion/", curator=True),
    Page("admin-reports", "/admin/archive/readerreport/", curator=True),
    Page("admin-jobs", "/admin/archive/job/", curator=True),
    Page("admin-alerts", "/admin/archive/alert/", curator=True),
    Page("admin-alert", "/admin/archive/alert/{alert}/change/", curator=True),
    Page("admin-job", "/admin/archive/job/{admin_job}/change/", curator=True),
)

PAGES = PUBLIC + OWN + ADMIN
