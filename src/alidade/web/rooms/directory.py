"""Directory: whom to ask, how and when; who confirmed that, and which entries have aged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.services.directory_entries import (
    DirectoryEntry,
    EntryChanges,
    confirm_entry,
    directory_entries,
    directory_entry,
    edit_entry,
)
from alidade.vocabulary import Vocabulary
from alidade.web.forms import Form, choices
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import day
from alidade.web.told import told


class FilterForm(Form):
    """Which entries are shown; nothing personal, so it stands in the address."""

    function = forms.ChoiceField(label=gettext_lazy("Function"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State or body"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, desk: Desk, entries: tuple[DirectoryEntry, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = desk.node.vocabulary
        present = {
            "function": {entry.function for entry in entries},
            "language": {language for entry in entries for language in entry.languages},
        }
        for name, listed in (("function", "authority_functions"), ("language", "languages")):
            _offer(self, name, choices(words, listed, desk.language, only=present[name], empty=_("all")))
        states = sorted({(state_word(words, entry.state, desk.language), entry.state) for entry in entries})
        _offer(self, "state", [("", _("all")), *((code, label) for label, code in states)])


class EntryForm(Form):
    """How one's own authority is reached."""

    contact = forms.CharField(
        label=gettext_lazy("Contact"), max_length=200, help_text=gettext_lazy("Others see this after a hit.")
    )
    duty_line = forms.CharField(label=gettext_lazy("Duty line"), max_length=100, required=False)
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("With the time zone, such as Mon-Fri 8-18 CET."),
    )
    channel = forms.CharField(label=gettext_lazy("Channel"), max_length=200, required=False)
    articles = forms.CharField(
        label=gettext_lazy("Articles"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Under which you act, one on each line, such as UNTOC Art. 18."),
    )
    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "languages", choices(desk.node.vocabulary, "languages", desk.language))


def _offer(form: Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = offered


def state_word(words: Vocabulary, code: str, language: str) -> str:
    """The name of a State, body or area."""
    for listed in ("countries", "bodies", "areas"):
        if code in words.codes(listed):
            return words.label(listed, code, language)
    return code


def alarm_word(entry: DirectoryEntry) -> str | Promise:
    """Why an entry is marked; empty where it is not."""
    if entry.alarm == "never_confirmed":
        return _("never confirmed")
    if entry.alarm == "aged" and entry.days is not None:
        return ngettext("%(days)d day old", "%(days)d days old", entry.days) % {"days": entry.days}
    return ""


@page(personal=False, methods=("GET",))
def show_all(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every authority, filtered by function, State and language."""
    every = directory_entries(desk.node, desk.administrator)
    form = FilterForm(request.GET or None, desk=desk, entries=every)
    sought = form.cleaned_data if form.is_valid() else {}
    entries = directory_entries(desk.node, desk.administrator, **{key: sought.get(key, "") for key in form.fields})
    words, language = desk.node.vocabulary, desk.language
    columns: list[Column[DirectoryEntry]] = [
        Column(key="name", title=_("Authority"), value=lambda e: e.name),
        Column(key="state", title=_("State or body"), value=lambda e: state_word(words, e.state, language)),
        Column(
            key="function",
            title=_("Function"),
            value=lambda e: words.label("authority_functions", e.function, language),
        ),
        Column(key="contact", title=_("Contact"), value=lambda e: e.contact),
        Column(key="duty", title=_("Duty line"), value=lambda e: e.duty_line),
        Column(key="languages", title=_("Languages"), value=lambda e: _languages(words, e, language)),
        Column(
            key="confirmed",
            title=_("Last confirmed"),
            value=lambda e: day(e.confirmed_on) if e.confirmed_on else _("never"),
            sort=lambda e: e.confirmed_on,
        ),
        Column(key="alarm", title=_("To confirm"), value=alarm_word, kind="alarm", sort=lambda e: e.days or -1),
    ]
    table = Table(
        name="directory",
        caption=_("Directory of authorities"),
        columns=columns,
        rows=entries,
        request=request,
        link=lambda e: reverse("directory.entry", args=[e.id]),
        empty=_("No authority of this kind is in the directory."),
    )
    own = next((entry for entry in every if entry.own), None)
    shown = {"table": table, "form": form, "own": own, "own_alarm": alarm_word(own) if own else ""}
    return render(request, "web/directory/list.html", shown)


def _languages(words: Vocabulary, entry: DirectoryEntry, language: str) -> str:
    listed = words.codes("languages")
    return ", ".join(words.label("languages", c, language) if c in listed else c for c in entry.languages)


@page(personal=False, methods=("GET",))
def show_one(request: HttpRequest, desk: Desk, authority: str) -> HttpResponse:
    """One entry: how to reach the authority, and who confirmed that when."""
    entry = directory_entry(desk.node, desk.administrator, AuthorityId(authority))
    shown = {
        "entry": entry,
        "state": state_word(desk.node.vocabulary, entry.state, desk.language),
        "spoken": _languages(desk.node.vocabulary, entry, desk.language),
        "alarm": alarm_word(entry),
        "keeps": entry.own and desk.may("directory_confirm"),
    }
    return render(request, "web/directory/entry.html", shown)


@page("directory_confirm", personal=False)
def edit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Change how one's own authority is reached."""
    entry = directory_entry(desk.node, desk.administrator, desk.authority.id)
    initial = {
        "contact": entry.contact,
        "duty_line": entry.duty_line,
        "hours": entry.hours,
        "channel": entry.channel,
        "articles": "\n".join(entry.articles),
        "languages": list(entry.languages),
    }
    form = EntryForm(request.POST or None, desk=desk, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = EntryChanges(
            contact=given["contact"],
            duty_line=given["duty_line"],
            channel=given["channel"],
            hours=given["hours"],
            languages=tuple(given["languages"]),
            articles=tuple(given["articles"].splitlines()),
        )
        try:
            edit_entry(desk.node, desk.administrator, changes)
        except Invalid as error:
            form.add_error(None, told(error)[0])
        else:
            messages.success(request, _("Changed. Every officer of this node sees it from now on. Confirm it as well."))
            return redirect("directory.entry", desk.authority.id)
    return render(
        request, "web/directory/edit.html", {"form": form, "entry": entry}, status=422 if form.errors else 200
    )


@page("directory_confirm", personal=False, methods=("POST",))
def confirm(request: HttpRequest, desk: Desk) -> HttpResponse:
    """State that the entry of one's own authority is right today."""
    confirm_entry(desk.node, desk.administrator)
    messages.success(request, _("Confirmed in your name, as of today."))
    return redirect("directory.entry", desk.authority.id)


urlpatterns = [
    path("directory/", show_all, name="directory"),
    path("directory/our/edit/", edit, name="directory.edit"),
    path("directory/our/confirm/", confirm, name="directory.confirm"),
    path("directory/<slug:authority>/", show_one, name="directory.entry"),
]
