"""The addresses of the store's pages."""

from django.urls import include, path, register_converter

from archive.views import (
    accounts,
    articles,
    compare,
    crawlers,
    dates,
    entities,
    entity,
    home,
    reports,
    sources,
)


class TwoDigits:
    """A month or a day: /dates/2021/06/15/; one digit is understood too."""

    regex = "[0-9]{1,2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class FourDigits(TwoDigits):
    """A year."""

    regex = "[0-9]{1,4}"

    def to_url(self, value: int) -> str:
        return f"{value:04}"


register_converter(TwoDigits, "dd")
register_converter(FourDigits, "yyyy")

urlpatterns = [
    path("", home.home, name="home"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<str:section>.xml", crawlers.sitemap_part, name="sitemap_part"),
    path("about/", home.about, name="about"),
    path("articles/<int:pk>/", articles.ArticleView.as_view(), name="article"),
    path(
        "articles/<int:pk>/cite.<slug:extension>", articles.citation_file, name="article_citation"
    ),
    path("articles/<int:pk>/original/", articles.original, name="article_original"),
    path("articles/<int:pk>/compare/<int:other>/", compare.compare_articles, name="compare"),
    path("dates/", dates.years, name="dates"),
    path("dates/undated/", dates.undated, name="undated"),
    path("dates/on/<dd:month>/<dd:day>/", dates.on_this_day, name="on_this_day"),
    path("dates/<yyyy:year>/", dates.year, name="year"),
    path("dates/<yyyy:year>/<dd:month>/", dates.month, name="month"),
    path("dates/<yyyy:year>/<dd:month>/<dd:day>/", dates.day, name="day"),
    path("entities/", entities.entities, name="entities"),
    path("entities/<int:pk>/<str:slug>/", entity.EntityPage.as_view(), name="entity"),
    path("entities/<int:pk>/<str:slug>/articles/", entity.ArticlesPage.as_view()),
    path("entities/<int:pk>/<str:slug>/mentions/", entity.MentionsPage.as_view()),
    path("entities/<int:pk>/<str:slug>/quotes/", entity.QuotesPage.as_view()),
    path("entities/<int:pk>/<str:slug>/spellings/", entity.SpellingsPage.as_view()),
    path("entities/<str:kind>/", entities.entity_kind, name="entity_kind"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("agencies/", sources.agencies, name="agencies"),
    path("agencies/<slug:slug>/", sources.agency, name="agency"),
    path("languages/", sources.languages, name="languages"),
    path("languages/<str:code>/", sources.language, name="language"),
    path("report/articles/<int:pk>/", reports.ArticleReport.as_view(), name="article_report"),
    path("report/entities/<int:pk>/", reports.EntityReport.as_view(), name="entity_report"),
    path("log-in/", accounts.LogIn.as_view(), name="log_in"),
    path("log-out/", accounts.LogOut.as_view(), name="log_out"),
    path("i18n/", include("django.conf.urls.i18n")),
]
