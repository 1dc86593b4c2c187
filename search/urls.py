"""The addresses of the finding. It comes before the store's, whose article page it extends."""

from django.urls import path

from search import feed, help_views, saved, views
from search.alerts import views as alerts
from search.exports import views as exports

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/complete/", views.complete, name="search_complete"),
    path("search/facet/<slug:facet>/", views.facet, name="search_facet"),
    path("search/feed/", feed.feed, name="search_feed"),
    path("search/export/recipe/", exports.describe, name="search_recipe"),
    path("search/export/<slug:name>/", exports.export, name="search_export"),
    path("saved/", saved.saved_searches, name="saved_searches"),
    path("saved/new/", saved.save_search, name="save_search"),
    path("saved/<int:pk>/", saved.saved_search, name="saved_search"),
    path("saved/<int:pk>/alert/", alerts.change_alert, name="change_alert"),
    path("alerts/stop/<str:token>/", alerts.stop_alert, name="stop_alert"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("help/analysis/", help_views.analysis, name="analysis"),
    path("help/search/", help_views.search_help, name="search_help"),
    path("articles/<int:pk>/", views.FoundArticleView.as_view(), name="article"),
]
