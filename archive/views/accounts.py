"""Logging in and out on the site's own pages, for those who have no business in the admin."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.contrib.auth.views import LoginView, LogoutView


class LogIn(LoginView):
    """Name and password; wrong ones are counted as in the admin."""

    takes_forms = True
    template_name = "archive/log_in.html"
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        """Where the address leads on to; back to this page would be for ever."""
        address: str = super().get_redirect_url()
        led_to = urlsplit(urljoin(self.request.path, address)).path
        return "" if led_to == self.request.path else address


class LogOut(LogoutView):
    """By a form only, so that no page of another site logs anybody out."""

    takes_forms = True
    next_page = "home"
