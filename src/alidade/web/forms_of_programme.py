"""Forms of the programme: a paper, a measure, and what is said of a measure."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.programme.lists import codes
from alidade.programme.register import DocumentRef, Entry, Figure, Instrument, Measure, Source, said_in
from alidade.web.forms import Form
from alidade.web.language import vocabulary_language
from alidade.web.place import Desk


def listed(name: str, *, empty: str | None = None) -> list[tuple[str, str]]:
    """The codes of a list of the programme with their terms, for a select field."""
    language = vocabulary_language()
    found = [(code, each.label.in_(language)) for code, each in codes(name).items()]
    return found if empty is None else [("", empty), *found]


class PaperForm(Form):
    """A paper by its head; its measures follow one by one, or are read from the file."""

    number = forms.CharField(label=gettext_lazy("Number of the paper"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the paper"),
        choices=[
            ("en", gettext_lazy("English")),
            ("fr", gettext_lazy("French")),
            ("es", gettext_lazy("Spanish")),
            ("pt", gettext_lazy("Portuguese")),
        ],
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=500)
    body = forms.CharField(label=gettext_lazy("Issued by"), max_length=200, required=False)
    date = forms.DateField(
        label=gettext_lazy("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    predecessors = forms.CharField(
        label=gettext_lazy("Follows these papers"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Their numbers, with commas between."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = listed("instrument_kinds")

    def paper(self, before: Instrument | None = None) -> Instrument:
        """The paper as stated, with the measures that it had."""
        found = self.cleaned_data
        texts = {**(before.title if before else {}), found["language"]: found["title"].strip()}
        fields: dict[str, Any] = {
            "number": found["number"].strip(),
            "kind": found["kind"],
            "language": found["language"],
            "title": texts,
            "body": found["body"].strip(),
            "date": found["date"],
            "predecessors": split(found["predecessors"]),
        }
        return Instrument(**fields) if before is None else msgspec.structs.replace(before, **fields)


class MeasureForm(Form):
    """One measure. What is left empty is not known; a deadline that is left empty is a finding."""

    key = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=1000)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=1000, required=False)
    title_fr = forms.CharField(label=gettext_lazy("Title in French"), max_length=1000, required=False)
    title_es = forms.CharField(label=gettext_lazy("Title in Spanish"), max_length=1000, required=False)
    title_pt = forms.CharField(label=gettext_lazy("Title in Portuguese"), max_length=1000, required=False)
    aim = forms.CharField(label=gettext_lazy("Aim"), max_length=4000, required=False, widget=forms.Textarea)
    addressees = forms.CharField(
        label=gettext_lazy("Addressed to"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("States by three letters and bodies by acronym, with commas between."),
    )
    owner = forms.CharField(label=gettext_lazy("Led by"), max_length=80, required=False)
    forum = forms.CharField(label=gettext_lazy("Forum"), max_length=200, required=False)
    deliverables = forms.CharField(
        label=gettext_lazy("Deliverables"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("One in a line."),
    )
    indicator = forms.CharField(label=gettext_lazy("Indicator"), max_length=500, required=False)
    deadline = forms.DateField(
        label=gettext_lazy("Deadline"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    deadline_said = forms.CharField(label=gettext_lazy("Deadline as worded"), max_length=200, required=False)
    funding = forms.CharField(label=gettext_lazy("Funding"), max_length=500, required=False)
    references = forms.CharField(
        label=gettext_lazy("Papers referred to"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Their numbers, with commas between."),
    )

    def measure(self, language: str, before: Measure | None = None) -> Measure:
        """The measure as stated, with what this form does not show kept as it was."""
        found = self.cleaned_data
        known = {each.number: each for each in (before.references if before else ())}
        titles = {tag: found[f"title_{tag}"].strip() for tag in ("en", "fr", "es", "pt")}
        titles[language] = found["title"].strip()
        aim = found["aim"].strip()
        fields: dict[str, Any] = {
            "key": found["key"].strip(),
            "title": {tag: text for tag, text in titles.items() if text},
            "aim": {**(before.aim if before else {}), **({language: aim} if aim else {})},
            "addressees": split(found["addressees"]),
            "owner": found["owner"].strip(),
            "forum": split(found["forum"]),
            "deliverables": tuple(line.strip() for line in found["deliverables"].splitlines() if line.strip()),
            "indicator": found["indicator"].strip(),
            "deadline": found["deadline"],
            "deadline_said": found["deadline_said"].strip(),
            "funding": found["funding"].strip(),
            "references": tuple(known.get(n, DocumentRef(number=n)) for n in split(found["references"])),
        }
        return Measure(**fields) if before is None else msgspec.structs.replace(before, **fields)

    @staticmethod
    def initial_of(measure: Measure, language: str) -> dict[str, Any]:
        """What the form shows of a measure at first."""
        return {
            "key": measure.key,
            "title": measure.title.get(language, said_in(measure.title, language)[0]),
            **{f"title_{tag}": measure.title.get(tag, "") for tag in ("en", "fr", "es", "pt")},
            "aim": measure.aim.get(language, ""),
            "addressees": ", ".join(measure.addressees),
            "owner": measure.owner,
            "forum": ", ".join(measure.forum),
            "deliverables": "\n".join(measure.deliverables),
            "indicator": measure.indicator,
            "deadline": measure.deadline,
            "deadline_said": measure.deadline_said,
            "funding": measure.funding,
            "references": ", ".join(each.number for each in measure.references),
        }


class EntryForm(Form):
    """What one's authority says of a measure."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    obstacle = forms.ChoiceField(label=gettext_lazy("Kind of obstacle"), required=False)
    text = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("In the language you work in; nothing about persons."),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    state = forms.ChoiceField(label=gettext_lazy("About the State"), required=False)
    value = forms.FloatField(label=gettext_lazy("Figure"), required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=80, required=False)
    parts = forms.CharField(
        label=gettext_lazy("It is the sum of"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The parts, with plus signs between; they must add up."),
    )
    document = forms.CharField(label=gettext_lazy("Paper"), max_length=80, required=False)
    paragraph = forms.CharField(label=gettext_lazy("Paragraph"), max_length=40, required=False)
    only_own = forms.BooleanField(label=gettext_lazy("For our own authority only"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, source in (("kind", "entry_kinds"), ("status", "measure_statuses"), ("obstacle", "obstacle_kinds")):
            empty = None if name == "kind" else _("none")
            cast(forms.ChoiceField, self.fields[name]).choices = listed(source, empty=empty)
        states = sorted(
            (each.label.in_(desk.language), each.alpha3) for each in desk.node.vocabulary.countries.values()
        )
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _("all")), *((c, n) for n, c in states)]

    def entry(self, instrument: str, measure: str, language: str) -> Entry:
        """The entry as stated. Raises Invalid for parts that are no numbers."""
        found = self.cleaned_data
        source = Source(document=found["document"].strip(), paragraph=found["paragraph"].strip())
        figure = None
        if found["value"] is not None:
            figure = Figure(
                value=found["value"],
                unit=found["unit"].strip() or "–",
                parts=_numbers(found["parts"]),
                source=source,
            )
        is_document = found["kind"] == "document" and source.document
        text = found["text"].strip()
        return Entry(
            instrument=instrument,
            measure=measure,
            kind=found["kind"],
            status=found["status"] if found["kind"] == "status" else "",
            obstacle=found["obstacle"] if found["kind"] == "obstacle" else "",
            text={language: text} if text else {},
            day=found["day"],
            state=found["state"],
            figure=figure,
            document=DocumentRef(number=source.document, date=found["day"]) if is_document else None,
            source=source,
        )


def split(text: str) -> tuple[str, ...]:
    """What stands between commas, once each."""
    return tuple(dict.fromkeys(part.strip() for part in text.replace(";", ",").split(",") if part.strip()))


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part.strip().replace(",", ".")) for part in text.split("+") if part.strip())
    except ValueError as error:
        raise Invalid("The parts of the figure are no numbers.", remedy="Write them as 12 + 30 + 4.") from error
