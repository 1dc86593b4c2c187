"""Where every address of the site leads."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView


class _Icon(RedirectView):
    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("img/mark.svg")


urlpatterns = [
    path("admin/", admin.site.urls),
    # Browsers ask here when a page, such as an original record, names no icon.
    path("favicon.ico", _Icon.as_view()),
    path("", include("search.urls")),
    path("", include("archive.urls")),
]

handler404 = "archive.views.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "archive.views.errors.forbidden"
handler400 = "archive.views.errors.bad_request"
