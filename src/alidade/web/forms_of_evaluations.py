"""Forms of mutual evaluations: which States, the visit and its team, the draft, the comments, and the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from alidade.programme.evaluation_pieces import Comments, Course, DraftReport, Expert
from alidade.programme.evaluations import OTHER_STATES
from alidade.programme.register import DocumentRef, Texts, said_in
from alidade.programme.rounds import Recommendation
from alidade.services.programme.evaluation_reports import Adoption, FollowUpOrder
from alidade.services.programme.evaluations import Plan
from alidade.web.forms import Form
from alidade.web.forms_of_programme import split

__all__ = ["AdoptForm", "CommentForm", "DraftForm", "FollowUpForm", "PlanForm", "ReasonForm", "Row", "drafted_rows"]
__all__ += ["experts_of", "plan_initial", "recommendations_of"]

FREE_ROWS: Final = 3
MOST_ROWS: Final = 60


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class ReasonForm(Form):
    """Why the evaluation goes to its next stage."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class PlanForm(Form):
    """The days of the visit and of what follows, and who observes; the team stands in rows beside."""

    visit_from = _day(gettext_lazy("First day of the visit"))
    visit_to = _day(gettext_lazy("Last day of the visit"))
    observers = forms.CharField(
        label=gettext_lazy("Observers"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Bodies, with commas between."),
    )
    draft_by = _day(gettext_lazy("Draft report by"))
    comments_by = _day(gettext_lazy("Comments of the State by"))
    adoption_by = _day(gettext_lazy("Adoption by"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)

    def plan(self, experts: Sequence[Expert]) -> Plan:
        """The plan as stated."""
        found = self.cleaned_data
        days = {name: found[name] for name in ("visit_from", "visit_to", "draft_by", "comments_by", "adoption_by")}
        return Plan(**days, experts=tuple(experts), observers=split(found["observers"]))


def plan_initial(course: Course) -> dict[str, Any]:
    """What the form shows of a plan at first."""
    days = ("visit_from", "visit_to", "draft_by", "comments_by", "adoption_by")
    return {**{name: getattr(course, name) for name in days}, "observers": ", ".join(course.observers)}


def experts_of(sent: QueryDict) -> list[Expert]:
    """The team as stated in the rows: an authority ("a:") or a State ("s:"), and a field."""
    found = []
    for place in range(MOST_ROWS):
        who = sent.get(f"who-{place}", "")
        kind, _, code = who.partition(":")
        field = sent.get(f"field-{place}", "").strip()[:120]
        if kind == "a" and code:
            found.append(Expert(state="XXX", authority=code, field=field))  # its State is taken from the directory
        elif kind == "s" and code:
            found.append(Expert(state=code, field=field))
    return found


class DraftForm(Form):
    """The draft report: its number, findings and good practices; recommendations stand in rows beside."""

    document = forms.CharField(label=gettext_lazy("Number of the draft"), max_length=80, required=False)
    findings = forms.CharField(
        label=gettext_lazy("Findings"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One in a line."),
    )
    good_practices = forms.CharField(
        label=gettext_lazy("Good practices"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One in a line."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)

    def draft(
        self, evaluation: str, before: DraftReport, recommendations: Sequence[Recommendation], language: str
    ) -> DraftReport:
        """The draft as stated; what exists in other languages stays where the line is the same or in its place."""
        found = self.cleaned_data
        number = found["document"].strip()
        return DraftReport(
            evaluation=evaluation,
            document=DocumentRef(number=number) if number else None,
            findings=_lines(before.findings, found["findings"], language),
            good_practices=_lines(before.good_practices, found["good_practices"], language),
            recommendations=tuple(recommendations),
        )

    @staticmethod
    def initial_of(draft: DraftReport, language: str) -> dict[str, Any]:
        """What the form shows of a draft at first."""
        return {
            "document": "" if draft.document is None else draft.document.number,
            "findings": "\n".join(said_in(each, language)[0] for each in draft.findings),
            "good_practices": "\n".join(said_in(each, language)[0] for each in draft.good_practices),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One recommendation as the form shows it. `to`: the State visited, all others, or `whom` (a body or a State)."""

    place: int
    number: str = ""
    to: str = "visited"
    whom: str = ""
    text: str = ""


def drafted_rows(draft: DraftReport, state: str, language: str) -> list[Row]:
    """The rows of a draft, and some that are free."""
    ways = {state: "visited", OTHER_STATES: "others"}
    rows = [
        Row(
            place=place,
            number=each.number,
            to=ways.get(each.addressee, "body"),
            whom="" if each.addressee in ways else each.addressee,
            text=said_in(each.text, language)[0],
        )
        for place, each in enumerate(draft.recommendations)
    ]
    return [*rows, *(Row(place=len(rows) + free) for free in range(FREE_ROWS))]


def recommendations_of(sent: QueryDict, before: DraftReport, state: str, language: str) -> list[Recommendation]:
    """The recommendations as stated in the rows; a row without number and text is none."""
    known = {each.number: each.text for each in before.recommendations}
    found = []
    for place in range(MOST_ROWS):
        number, text = (sent.get(f"{name}-{place}", "").strip() for name in ("number", "text"))
        if number or text:
            to = sent.get(f"to-{place}", "visited")
            whom = sent.get(f"whom-{place}", "").strip()[:80]
            addressee = {"visited": state, "others": OTHER_STATES}.get(to, whom)
            words = _said(known.get(number, {}), language, text)
            found.append(Recommendation(number=number, addressee=addressee, text=words))
    return found


class CommentForm(Form):
    """What the State visited says of the draft on the whole; single recommendations stand beside."""

    text = forms.CharField(
        label=gettext_lazy("On the whole report"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    none = forms.BooleanField(label=gettext_lazy("We have no comments"), required=False)

    def comments(
        self, evaluation: str, state: str, sent: QueryDict, before: Comments | None, language: str
    ) -> Comments:
        """The comments as stated."""
        earlier: Mapping[str, Texts] = {} if before is None else before.on
        on = {}
        for name in sent:
            number = name.removeprefix("on-")
            words = sent.get(name, "").strip()[:20_000]
            if name.startswith("on-") and words:
                on[number] = _said(earlier.get(number, {}), language, words)
        whole = self.cleaned_data["text"].strip()
        text = _said({} if before is None else before.text, language, whole) if whole else {}
        return Comments(evaluation=evaluation, state=state, text=text, on=on, none=self.cleaned_data["none"])


class AdoptForm(ReasonForm):
    """On which day the report was adopted, as which document."""

    day = _day(gettext_lazy("Adopted on"), required=True)
    number = forms.CharField(label=gettext_lazy("Number of the document"), max_length=80)
    body = forms.CharField(label=gettext_lazy("Adopted by"), max_length=200, required=False)
    field_order = ("day", "number", "body", "reason")

    def adoption(self) -> Adoption:
        """The adoption as stated."""
        found = self.cleaned_data
        document = DocumentRef(number=found["number"].strip())
        return Adoption(day=found["day"], document=document, body=found["body"].strip())


class FollowUpForm(ReasonForm):
    """Who is asked what became of the recommendations, and until when."""

    to = forms.ChoiceField(label=gettext_lazy("On the recommendations"))
    title = forms.CharField(label=gettext_lazy("Title of the round"), max_length=300)
    cut_off = _day(gettext_lazy("Answers until"), required=True)
    asked = forms.MultipleChoiceField(
        label=gettext_lazy("Other authorities asked"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("to", "title", "cut_off", "asked", "reason")

    def __init__(
        self, *args: Any, groups: Sequence[tuple[str, Any]], others: Sequence[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        cast(forms.ChoiceField, self.fields["to"]).choices = list(groups)
        cast(forms.MultipleChoiceField, self.fields["asked"]).choices = list(others)
        if not any(code == "others" for code, _ in groups):
            del self.fields["asked"]

    def order(self, opens: Any, language: str) -> FollowUpOrder:
        """The order as stated."""
        found = self.cleaned_data
        asked = tuple(found.get("asked", ())) if found["to"] == "others" else ()
        title = {language: found["title"].strip()}
        return FollowUpOrder(title=title, opens=opens, cut_off=found["cut_off"], to=found["to"], asked=asked)


def _said(before: Texts, language: str, text: str) -> Texts:
    if said_in(before, language)[0] == text:
        return dict(before)
    kept = {tag: words for tag, words in before.items() if tag != language}
    return {**kept, language: text} if text else kept


def _lines(before: Sequence[Texts], text: str, language: str) -> tuple[Texts, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    same = {said_in(each, language)[0]: each for each in before}
    in_place = len(lines) == len(before)
    return tuple(
        dict(same[line]) if line in same else _said(before[place] if in_place else {}, language, line)
        for place, line in enumerate(lines)
    )
