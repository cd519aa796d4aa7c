"""Threads in lists: the inbox, what is awaited from whom, what waits for approval, and the search."""

from __future__ import annotations

from typing import Any, cast, get_args

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid, NotFound
from alidade.services.threads.acknowledging import demands
from alidade.services.threads.drafts import drafts_of
from alidade.services.threads.inbox import awaited as awaited_from_others
from alidade.services.threads.inbox import inbox as page_of_inbox
from alidade.services.threads.offered import procedures_offered
from alidade.services.threads.searching import search_threads
from alidade.services.threads.view import Awaited, DraftView, Folder, InboxCounts
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.threads.names import authority_names, other_authorities

FOLDERS = {
    "mine": gettext_lazy("On my desk"),
    "unit": gettext_lazy("My unit"),
    "unassigned": gettext_lazy("On nobody’s desk"),
    "urgent": gettext_lazy("Urgent"),
    "all": gettext_lazy("All to act on"),
    "awaited": gettext_lazy("Others are to act"),
    "copies": gettext_lazy("Copies"),
    "closed": gettext_lazy("Closed"),
}
EMPTY = {
    "mine": gettext_lazy("Nothing lies on your desk. Take something from the duty desk, or begin a new exchange."),
    "unassigned": gettext_lazy("Everything has somebody who looks after it."),
    "closed": gettext_lazy("Nothing was closed yet."),
}


@page("thread_read")
def inbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list of threads, what expires first first, each with the keys of what may be done in it."""
    folder = request.GET.get("folder", "mine")
    if folder not in get_args(Folder):
        raise NotFound("There is no such list of threads.")
    found = page_of_inbox(
        desk.node, desk.actor, cast(Folder, folder), after=request.GET.get("after", ""), language=desk.language
    )
    shown = {
        "inbox": found,
        "folders": _folders(found.counts, folder),
        "title": FOLDERS[folder],
        "names": authority_names(desk),
        "empty": EMPTY.get(folder, gettext_lazy("Nothing here.")),
        "keys": True,
    }
    return render(request, "web/threads/inbox.html", shown)


MOST_COUNTED = 10_000  # closed threads; more are not counted


def _folders(counts: InboxCounts, here: str) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "title": title,
            "count": min(getattr(counts, code), MOST_COUNTED) if code == "closed" else getattr(counts, code),
            "more": code == "closed" and counts.closed > MOST_COUNTED,
            "here": code == here,
        }
        for code, title in FOLDERS.items()
    ]


@page("thread_read")
def awaited(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What others owe, by authority, and what one asked them to correct or erase."""
    owed = awaited_from_others(desk.node, desk.actor, language=desk.language)
    by_authority: dict[str, list[Awaited]] = {}
    for each in owed:
        by_authority.setdefault(each.authority_name, []).append(each)
    shown = {"groups": list(by_authority.items()), "count": len(owed), "demands": demands(desk.node, desk.actor)}
    return render(request, "web/threads/awaited.html", shown)


@page("thread_read")
def approve(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for a second officer, what came back, and what was begun."""
    found = drafts_of(desk.node, desk.actor, language=desk.language)
    titles = {each.code: each.title for each in procedures_offered(desk.node, desk.actor, language=desk.language)}

    def lines(chosen: list[DraftView]) -> list[dict[str, Any]]:
        return [
            {
                "draft": each,
                "procedure": titles.get(each.procedure, each.procedure),
                "address": reverse("thread.draft", args=[each.id]),
                "title": each.opening.title if each.opening else "",
            }
            for each in chosen
        ]

    shown = {
        "waiting": lines([each for each in found if each.may_approve]),
        "returned": lines([each for each in found if each.yours and each.state == "returned"]),
        "asked": lines([each for each in found if each.yours and each.state == "waiting"]),
        "begun": lines([each for each in found if each.yours and each.state == "draft"]),
    }
    return render(request, "web/threads/approve.html", shown)


class SearchForm(Form):
    """What to look for among one's own authority's threads."""

    text = forms.CharField(
        label=gettext_lazy("Reference, case or title"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    authority = forms.ChoiceField(label=gettext_lazy("With"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = procedures_offered(desk.node, desk.actor, language=desk.language)
        listed = {
            "procedure": [("", _("all")), *((each.code, each.title) for each in offered)],
            "authority": [("", _("all")), *other_authorities(desk)],
        }
        for name, options in listed.items():
            cast(forms.ChoiceField, self.fields[name]).choices = options


@page("thread_read")
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Find threads; what is typed goes by POST and stands in no address."""
    form = SearchForm(request.POST or None, desk=desk)
    lines = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            lines = search_threads(
                desk.node,
                desk.actor,
                asked["text"],
                procedure=asked["procedure"],
                authority=asked["authority"],
                language=desk.language,
            )
        except Invalid as error:
            form.add_error("text", told(error)[0])
    shown = {"form": form, "lines": lines, "names": authority_names(desk), "keys": True}
    return render(request, "web/threads/search.html", shown, status=422 if form.errors else 200)


urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/awaited/", awaited, name="inbox.awaited"),
    path("inbox/approve/", approve, name="inbox.approve"),
    path("inbox/search/", search, name="inbox.search"),
]
