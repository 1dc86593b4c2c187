"""Where a reader points out what is wrong with an article or a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views import View

from archive.entities import curate, profile
from archive.ingest.cleaning import clean
from archive.middleware import client_address
from archive.models import Article, Entity, ReaderReport
from archive.reports import LONGEST_MESSAGE, TooManyReports, receive
from archive.views.articles import is_curator, visible_article
from archive.views.errors import gone
from archive.views.moved import moved_to

Fault = ReaderReport.Fault
#: What can be wrong on the pages of a name.
_OF_A_NAME = (Fault.NAME, Fault.QUOTE, Fault.OTHER)
#: The field that people do not see; programs that fill in every form fill it in too.
_TRAP = "website"


class ReportForm(forms.Form):
    """What is wrong, in which words, and where to answer."""

    fault = forms.ChoiceField(label=gettext_lazy("What is wrong"), widget=forms.RadioSelect)
    message = forms.CharField(
        label=gettext_lazy("How it should be, and where that can be seen"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    contact = forms.EmailField(
        label=gettext_lazy("Your e-mail address, if you want an answer"), required=False
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, faults: tuple[Fault, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["fault"].choices = [(fault.value, fault.label) for fault in faults]

    def clean_message(self) -> str:
        """What was written, without signs that cannot be seen."""
        message = clean(self.cleaned_data["message"])[0].strip()
        if not message:
            raise forms.ValidationError(gettext("Say in a few words how it should be."))
        return message


class ReportView(View):
    """The form and, once it is sent, the thanks."""

    takes_forms = True
    faults: tuple[Fault, ...] = tuple(Fault)

    def about(self, request: HttpRequest, pk: int) -> Article | Entity | HttpResponse:
        """What the report is about, or the answer where there is no such thing."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Look up what the report is about first."""
        about = self.about(request, kwargs["pk"])
        if isinstance(about, HttpResponse):
            return about
        self.subject = about
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The empty form, or the thanks."""
        return self.page(ReportForm(self.faults), is_sent=request.GET.get("sent") == "1")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the report and lead to the thanks; or say what is missing."""
        form = ReportForm(self.faults, request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        given = form.cleaned_data
        if not given[_TRAP]:
            try:
                receive(
                    self.subject,
                    given["fault"],
                    given["message"],
                    contact=given["contact"],
                    address=client_address(request),
                )
            except TooManyReports:
                form.add_error(
                    None,
                    gettext(
                        "So many reports have come that no more are taken now. Keep what you "
                        "wrote, and send it tomorrow."
                    ),
                )
                return self.page(form, status=429)
        return redirect(f"{request.path}?sent=1")

    def page(self, form: ReportForm, *, is_sent: bool = False, status: int = 200) -> HttpResponse:
        """The page with the form, or with the thanks."""
        back = self.subject.get_absolute_url()
        context = {"form": form, "subject": self.subject, "back": back, "is_sent": is_sent}
        return render(self.request, "archive/report.html", context, status=status)


class ArticleReport(ReportView):
    """A report about an article."""

    def about(self, request: HttpRequest, pk: int) -> Article | HttpResponse:
        """The article; 410 when it was withdrawn."""
        article = visible_article(request, pk)
        if article.status == Article.Status.WITHDRAWN and not is_curator(request):
            return gone(request, article)
        return article


class EntityReport(ReportView):
    """A report about a name."""

    faults = _OF_A_NAME

    def about(self, request: HttpRequest, pk: int) -> Entity | HttpResponse:
        """The entity; a merged one leads to the one that is kept."""
        entity = curate.kept(get_object_or_404(Entity, pk=pk))
        if entity.status != Entity.Status.ACTIVE or not profile.article_count(entity):
            raise Http404("not a name of public articles")
        if entity.pk != pk:
            return moved_to(reverse("entity_report", args=[entity.pk]))
        return entity
