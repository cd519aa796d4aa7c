"""Check a list: pasted lines or a file of questions, a table of answers, and the answers as a file under handling."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.matching.thresholds import Use
from alidade.model.errors import Invalid
from alidade.services.check_lines import MOST_LINES, LineAnswer, answers_csv, check_lines
from alidade.web.forms import Form
from alidade.web.hits import USES, use_lines
from alidade.web.place import Desk, page
from alidade.web.rooms.check import AGAIN, offer_again, refuse
from alidade.web.table import Column, Table

LARGEST = 512 * 1024  # bytes: more than the longest list has
KINDS = {
    "hit": gettext_lazy("HIT"),
    "hit_without_content": gettext_lazy("HIT WITHOUT CONTENT"),
    "no_hit": gettext_lazy("NO HIT"),
}


class ListForm(Form):
    """Questions, pasted or in a file."""

    lines = forms.CharField(
        label=gettext_lazy("One question in each line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Or a table whose first line names its columns: text, kind, birth_date, nationality."),
    )
    file = forms.FileField(label=gettext_lazy("Or a text file (CSV)"), required=False)
    use = forms.ChoiceField(
        label=gettext_lazy("What the answer is for"), required=False, choices=list(USES.items()), initial="usual"
    )

    again = forms.BooleanField(label=AGAIN, required=False, initial=True)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = offer_again(self, desk)
        if self.term is not None:
            self.fields["again"].help_text = ngettext(
                "Each of these questions is kept under seal for one day and asked again when something is given"
                " or released.",
                "Each of these questions is kept under seal for %(days)d days and asked again when something is given"
                " or released.",
                self.term.days,
            ) % {"days": self.term.days}

    def clean(self) -> dict[str, Any]:
        """Either the lines or the file, as text."""
        stated: dict[str, Any] = super().clean() or {}
        file = stated.get("file")
        if bool(file) == bool((stated.get("lines") or "").strip()):
            raise forms.ValidationError(_("Paste lines, or name a file."))
        if file:
            if file.size > LARGEST:
                raise forms.ValidationError(_("The file is too large for a list of this kind."))
            try:
                stated["lines"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("The file is no text in UTF-8.")) from None
        return stated


@page("check_batch")
def check_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask many questions; each becomes a check of its own with its own address."""
    form = ListForm(request.POST or None, request.FILES or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            lines, use = form.cleaned_data["lines"], cast(Use, form.cleaned_data["use"] or "usual")
            again = bool(form.cleaned_data.get("again"))
            answers = check_lines(desk.node, desk.actor, lines, language=desk.language, use=use, again=again)
            return render(request, "web/check/list_answers.html", _shown(request, answers))
        except Invalid as error:
            refuse(form, error)
    shown = {"form": form, "most": MOST_LINES, "uses": use_lines("")}
    return render(request, "web/check/list.html", shown, status=422 if form.errors else 200)


def _shown(request: HttpRequest, answers: list[LineAnswer]) -> dict[str, Any]:
    columns: list[Column[LineAnswer]] = [
        Column(key="text", title=gettext_lazy("Question"), value=lambda each: each.text, sortable=False),
        Column(key="answer", title=gettext_lazy("Answer"), value=_answer, kind="tag", sortable=False),
        Column(key="owners", title=gettext_lazy("Known to"), value=_owners, sortable=False),
        Column(key="hits", title=gettext_lazy("Hits"), value=_count, kind="number", sortable=False),
        Column(key="line", title=gettext_lazy("Line"), value=lambda each: each.line, kind="number", sortable=False),
        Column(key="remark", title=gettext_lazy("Remark"), value=lambda each: _(each.remark) if each.remark else "",
               sortable=False),
    ]  # fmt: skip
    asked = [each.answer for each in answers if each.answer is not None]
    table = Table(
        name="answers",
        caption=gettext_lazy("Answers to the list"),
        columns=columns,
        rows=answers,
        request=request,
        link=lambda each: reverse("check.answer", args=[each.answer.check]) if each.answer else "",
        per_page=MOST_LINES,
    )
    return {
        "table": table,
        "checks": [answer.check for answer in asked],
        "counts": {kind: sum(1 for answer in asked if answer.kind == kind) for kind in KINDS},
        "wrong": len(answers) - len(asked),
        "kept": sum(1 for answer in asked if answer.again_until is not None),
    }


def _answer(each: LineAnswer) -> Any:
    return KINDS[each.answer.kind] if each.answer is not None else _("not asked")


def _owners(each: LineAnswer) -> str:
    if each.answer is None:
        return ""
    owners = {hit.owner_name for hit in each.answer.hits}
    return ", ".join(sorted(owners | {hit.owner_name for hit in each.answer.without_content}))


def _count(each: LineAnswer) -> int:
    return 0 if each.answer is None else len(each.answer.hits) + len(each.answer.without_content)


@page("check_batch", methods=("POST",))
def answers_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The answers as CSV, read again with the rights of this moment; each hit with what its handlings come to."""
    content = answers_csv(desk.node, desk.actor, request.POST.getlist("check"), language=desk.language)
    answer = HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="answers.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("check-list/", check_list, name="check-list"),
    path("check-list/answers/", answers_file, name="check-list.answers"),
]
