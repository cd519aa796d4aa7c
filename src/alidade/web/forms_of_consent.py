"""Forms of consent: what must be said to propose a membership, an authority or an agreement, or to refuse one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.directory import Authority
from alidade.services.authorities import party
from alidade.services.directory_entries import directory_entries
from alidade.services.node import Node
from alidade.vocabulary import Agreement, Label, Vocabulary
from alidade.web.forms import Form, choices
from alidade.web.place import Desk


class RefusalForm(Form):
    """Why one's authority refuses."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("All concerned may read it."),
    )


class MembershipForm(Form):
    """Who would join which community."""

    community = forms.CharField(
        label=gettext_lazy("Community"),
        max_length=80,
        help_text=gettext_lazy("Its name in one word, such as otf-lime. If nobody is in it, it is founded by this."),
    )
    authority = forms.ChoiceField(label=gettext_lazy("Who would join"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(e.id, e.name) for e in directory_entries(desk.node, desk.administrator) if not e.own]
        _offer(self, "authority", [("", desk.authority.name), *others])


class AuthorityForm(Form):
    """An authority that this node shall host."""

    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=64, help_text=gettext_lazy("Small letters, digits and hyphens: pt-pj.")
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    function = forms.ChoiceField(label=gettext_lazy("Function"))
    state = forms.ChoiceField(label=gettext_lazy("State or body"))
    contact = forms.CharField(
        label=gettext_lazy("Contact"), max_length=200, help_text=gettext_lazy("Others see this after a hit.")
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "function", choices(desk.node.vocabulary, "authority_functions", desk.language, empty=_("choose")))
        _offer(self, "state", _parties(desk.node.vocabulary, desk.language))

    def authority(self, node: Node) -> Authority:
        """The authority that was typed. Raises Invalid for codes that are in no list."""
        given = self.cleaned_data
        return Authority(
            party=party(node, given["code"], given["function"], given["state"]),
            name=given["name"],
            contact=given["contact"],
        )


class AgreementForm(Form):
    """An agreement between States, and where it stands written."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=80, help_text=gettext_lazy("Such as nl-xx-2026."))
    party_a = forms.ChoiceField(label=gettext_lazy("One party"))
    party_b = forms.ChoiceField(label=gettext_lazy("The other party"))
    instrument = forms.CharField(label=gettext_lazy("Instrument"), max_length=300)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, help_text=gettext_lazy("Where it stands written.")
    )
    flow = forms.ChoiceField(
        label=gettext_lazy("What may pass"),
        choices=[
            ("strategic", gettext_lazy("strategic information only")),
            ("non_personal", gettext_lazy("information without personal data")),
            ("personal", gettext_lazy("personal data too")),
        ],
    )
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    onward_transfer = forms.BooleanField(label=gettext_lazy("Onward transfer is agreed"), required=False)
    crime_areas = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these crime areas"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = _parties(desk.node.vocabulary, desk.language)
        for name in ("party_a", "party_b"):
            _offer(self, name, parties)
        _offer(self, "crime_areas", choices(desk.node.vocabulary, "crime_areas", desk.language))

    def clean(self) -> dict[str, Any]:
        """What was typed, its last day not before its first."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It ends before it begins."))
        return given

    def agreement(self) -> Agreement:
        """The agreement that was typed; unverified until somebody has read it at its source."""
        given = self.cleaned_data
        instrument = given["instrument"].strip()
        return Agreement(
            code=given["code"],
            label=Label(en=instrument, fr=instrument, es=instrument, pt=instrument),
            source=given["source"].strip(),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            verified=False,
            party_a=given["party_a"],
            party_b=given["party_b"],
            instrument=instrument,
            flow=given["flow"],
            status="in_force",
            onward_transfer=given["onward_transfer"],
            crime_areas=tuple(given["crime_areas"]),
        )


def _parties(words: Vocabulary, language: str) -> list[tuple[str, str]]:
    """Areas and bodies, then countries by name."""
    listed = [choice for name in ("areas", "bodies") for choice in choices(words, name, language)]
    return [("", _("choose")), *listed, *sorted(choices(words, "countries", language), key=lambda choice: choice[1])]


def _offer(form: Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = offered
