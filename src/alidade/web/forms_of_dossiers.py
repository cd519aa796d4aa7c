"""Forms of dossiers: a network, an event of its life, a question about it, a member, a product, a nomination."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from alidade.services.picture.dossier_state import LEVELS, Dossier, Gap, LifeEvent, Member, Trait
from alidade.services.picture.dossier_terms import codes, role_codes, term
from alidade.web.forms import Form, choices
from alidade.web.place import Desk

_LEVEL_WORDS = {"low": gettext_lazy("low"), "medium": gettext_lazy("medium"), "high": gettext_lazy("high")}
LEVEL_WORDS = _LEVEL_WORDS
STANDING_WORDS = {
    "candidate": gettext_lazy("candidate"),
    "confirmed": gettext_lazy("confirmed"),
    "rejected": gettext_lazy("rejected"),
}
_DAY_HELP = gettext_lazy("Year, month or day, such as 2026-03; empty where not known.")


def listed(name: str, language: str, *, empty: str | None = None) -> list[tuple[str, str]]:
    """The codes of a list of dossiers with their words, for a select field."""
    found = [(code, term(name, code, language)) for code in (role_codes() if name == "roles" else codes(name))]
    return found if empty is None else [("", empty), *found]


def _area(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


class DossierForm(Form):
    """A network without its members. What is left empty is not known."""

    name = forms.CharField(label=gettext_lazy("Name of the network"), max_length=120)
    aliases = _area(gettext_lazy("Other names"), 2, help_text=gettext_lazy("One in a line."), max_length=6_000)
    rounds = forms.CharField(
        label=gettext_lazy("Mappings"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For which mappings it is written, such as 2026; with commas between."),
    )
    summary = _area(gettext_lazy("Summary"), 5, max_length=20_000)
    structures = forms.MultipleChoiceField(
        label=gettext_lazy("Structure"), required=False, widget=forms.CheckboxSelectMultiple
    )
    crime_areas = forms.MultipleChoiceField(
        label=gettext_lazy("Crime areas"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )

    def __init__(self, *args: Any, desk: Desk, before: Dossier | None = None, **kwargs: Any) -> None:
        self._before = before
        super().__init__(*args, initial=_initial(before) if before is not None else None, **kwargs)
        words, language = desk.node.vocabulary, desk.language
        offered = {
            "structures": listed("structures", language),
            "crime_areas": choices(words, "crime_areas", language),
            "countries": sorted(choices(words, "countries", language), key=lambda pair: pair[1]),
        }
        for name, values in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = values
        levels = [("", _("not known")), *((level, _LEVEL_WORDS[level]) for level in LEVELS)]
        for code, words_of in listed("traits", language):
            self.fields[f"trait-{code}"] = forms.ChoiceField(label=words_of, required=False, choices=levels)

    def plain(self) -> list[forms.BoundField]:
        """The fields without the traits."""
        return [field for field in self if not field.name.startswith("trait-")]

    def traits(self) -> list[forms.BoundField]:
        """The fields of the traits."""
        return [field for field in self if field.name.startswith("trait-")]

    def dossier(self) -> Dossier:
        """The dossier as stated, with what this form does not show kept as it was."""
        said = self.cleaned_data
        fields: dict[str, Any] = {
            "names": (said["name"].strip(), *_lines(said["aliases"])),
            "rounds": tuple(each.strip()[:40] for each in said["rounds"].split(",") if each.strip()),
            "summary": tuple(each.strip() for each in said["summary"].split("\n\n") if each.strip()),
            "structures": tuple(said["structures"]),
            "crime_areas": tuple(said["crime_areas"]),
            "countries": tuple(said["countries"]),
            "traits": tuple(
                Trait(trait=code, level=said[f"trait-{code}"]) for code in codes("traits") if said[f"trait-{code}"]
            ),
        }
        return Dossier(**fields) if self._before is None else replace(self._before, **fields)


def _initial(before: Dossier) -> dict[str, Any]:
    return {
        "name": before.name,
        "aliases": "\n".join(before.aliases),
        "rounds": ", ".join(before.rounds),
        "summary": "\n\n".join(before.summary),
        "structures": list(before.structures),
        "crime_areas": list(before.crime_areas),
        "countries": list(before.countries),
    } | {f"trait-{each.trait}": each.level for each in before.traits}


def _lines(text: str) -> list[str]:
    return [line.strip()[:120] for line in text.splitlines() if line.strip()]


_DAY = r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$"


def _day(label: Any) -> forms.RegexField:
    return forms.RegexField(_DAY, label=label, required=False, help_text=_DAY_HELP)


class MemberForm(Form):
    """A member by the reference of its record, and what is thought of it."""

    record = forms.RegexField(
        r"^[0-9a-f]{32}$", label=gettext_lazy("Reference of the record"), widget=forms.TextInput(attrs={"size": 34})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    certainty = forms.RegexField(
        r"^([A-DX][1-4X])?$",
        label=gettext_lazy("How certain"),
        required=False,
        help_text=gettext_lazy("A 4x4 grade, such as B2."),
    )
    since = _day(gettext_lazy("Since"))
    until = _day(gettext_lazy("Until"))
    note = _area(gettext_lazy("Note"), 2, max_length=2_000)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = listed("roles", desk.language, empty=_("not known"))
        cast(forms.ChoiceField, self.fields["role"]).choices = offered

    def member(self, before: Member | None = None) -> Member:
        """The member as stated; a ruling on it stays."""
        said: dict[str, Any] = {name: str(value).strip() for name, value in self.cleaned_data.items()}
        return Member(**said) if before is None else replace(before, **said)


class EventForm(Form):
    """Something in the life of the network."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"))
    day = _day(gettext_lazy("When"))
    other = forms.ChoiceField(label=gettext_lazy("Other network"), required=False)
    text = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=2_000)

    def __init__(self, *args: Any, desk: Desk, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = listed("life_events", desk.language)
        cast(forms.ChoiceField, self.fields["other"]).choices = [("", _("none")), *others]

    def event(self) -> LifeEvent:
        """The event as stated."""
        said = self.cleaned_data
        others = (said["other"],) if said["other"] else ()
        return LifeEvent(kind=said["kind"], day=said["day"], others=others, text=said["text"].strip())


class GapForm(Form):
    """What to find out next."""

    question = forms.CharField(label=gettext_lazy("What to find out"), max_length=2_000)
    who = forms.CharField(label=gettext_lazy("Who could know"), required=False, max_length=300)

    def gap(self, today: str) -> Gap:
        """The question as stated."""
        said = self.cleaned_data
        return Gap(question=said["question"].strip(), who=said["who"].strip(), asked_on=today)


class ProductForm(Form):
    """A product: what stands above the tear-line, and what below."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    above = forms.CharField(
        label=gettext_lazy("Above the tear-line"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000,
        help_text=gettext_lazy("For the wider audience that you name below; without names of persons."),
    )  # fmt: skip
    below = _area(
        gettext_lazy("Below the tear-line"), 8, max_length=20_000,
        help_text=gettext_lazy("Only for those who may open the dossier; nothing tells others that it is there."),
    )  # fmt: skip


class RoundForm(Form):
    """A round of nominations."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    closes = forms.RegexField(
        r"^\d{4}-\d\d-\d\d$", label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    at_least = forms.IntegerField(
        label=gettext_lazy("Members in common, at least"),
        min_value=1,
        max_value=100,
        initial=3,
        help_text=gettext_lazy("From how many on two nominations overlap."),
    )


class NominationForm(Form):
    """A nomination: an own dossier or identifiers, with whom to talk, and who is never told."""

    round = forms.ChoiceField(label=gettext_lazy("Round"))
    dossier = forms.ChoiceField(label=gettext_lazy("Our dossier"), required=False)
    identifiers = _area(
        gettext_lazy("Or identifiers"), 4, max_length=20_000,
        help_text=gettext_lazy("One in a line: telephone, passport, IMO number and the like."),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("With whom others may talk"), max_length=200)
    excluded = forms.MultipleChoiceField(
        label=gettext_lazy("These are never told"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = values

    def identifier_lines(self) -> list[str]:
        """The identifiers, one in a line."""
        return _lines(self.cleaned_data["identifiers"])
