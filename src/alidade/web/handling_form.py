"""Handling form: the conditions under which something is given, as fields, with the audience first."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.handling import EVERYBODY, Content, Handling, HitNotice
from alidade.model.ids import AuthorityId
from alidade.services.directory_entries import directory_entries
from alidade.web.forms import Form, choices
from alidade.web.place import Desk

_MANY: Final = ("codes", "conditions", "purposes", "released_to", "excluded", "communities", "crime_areas")
_OPTIONAL: Final = ("case", "subject_category", "review_on", "expires_on")


def _boxes(label: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, **more)


class HandlingForm(Form):
    """One handling. What is left empty is not a condition; who may read is nobody unless it is stated."""

    communities = _boxes(gettext_lazy("These communities may read"))
    released_to = _boxes(gettext_lazy("These authorities may read"))
    hit = forms.ChoiceField(
        label=gettext_lazy("All others, when they check"),
        choices=[
            ("visible", gettext_lazy("learn that there is a hit, and whom to ask")),
            ("silent", gettext_lazy("learn nothing; only we are told that they asked")),
        ],
        widget=forms.RadioSelect,
    )
    excluded = _boxes(gettext_lazy("These learn nothing at all"))
    subject_category = forms.ChoiceField(
        label=gettext_lazy("What kind of persons these are"),
        required=False,
        help_text=gettext_lazy("Without it, persons wait until somebody states it, and nobody finds them."),
    )
    codes = _boxes(gettext_lazy("Handling codes"))
    restriction = forms.CharField(label=gettext_lazy("Restriction in words (with H3)"), required=False, max_length=500)
    conditions = _boxes(gettext_lazy("Conditions that machines obey"))
    classification = forms.ChoiceField(label=gettext_lazy("Classification"))
    purposes = _boxes(gettext_lazy("Purposes for which it is given"))
    content = forms.ChoiceField(
        label=gettext_lazy("Content"),
        choices=[
            ("personal", gettext_lazy("personal data")),
            ("non_personal", gettext_lazy("no personal data")),
            ("strategic", gettext_lazy("strategic")),
        ],
    )
    case = forms.CharField(label=gettext_lazy("Only where this case is open"), required=False, max_length=100)
    crime_areas = _boxes(gettext_lazy("Crime areas"))
    review_on = forms.CharField(
        label=gettext_lazy("Review on"), required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )
    expires_on = forms.CharField(
        label=gettext_lazy("Expires on"), required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )

    AUDIENCE = ("communities", "released_to", "hit")

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, language = desk.node.vocabulary, desk.language
        others = [
            (str(entry.id), f"{entry.name} ({entry.state})")
            for entry in directory_entries(desk.node, desk.actor)
            if entry.id != desk.authority.id
        ]
        communities = [(EVERYBODY, _("all authorities of the federation"))]
        communities += [(name, name) for name in desk.authority.communities if name != EVERYBODY]
        listed: dict[str, list[tuple[str, str]]] = {
            "communities": communities,
            "released_to": others,
            "excluded": others,
            "subject_category": choices(words, "subject_categories", language, empty=_("not known")),
            "codes": [each for each in choices(words, "handling", language) if each[0] != "H0"],
            "conditions": choices(words, "conditions", language),
            "classification": choices(words, "classifications", language),
            "purposes": choices(words, "purposes", language),
            "crime_areas": choices(words, "crime_areas", language),
        }
        for name, values in listed.items():
            cast(forms.ChoiceField, self.fields[name]).choices = values

    def audience(self) -> list[forms.BoundField]:
        """The fields that say who learns what; they stand first."""
        return [self[name] for name in self.AUDIENCE]

    def others(self) -> list[forms.BoundField]:
        """All other fields."""
        return [field for field in self if field.name not in (*self.AUDIENCE, "subject_category")]

    def handling(self, owner: AuthorityId) -> Handling:
        """The handling that the fields state; it is checked where it is used."""
        stated = self.cleaned_data
        return Handling(
            owner=owner,
            codes=tuple(stated["codes"]),
            restriction=stated["restriction"],
            conditions=tuple(stated["conditions"]),
            hit=cast(HitNotice, stated["hit"]),
            classification=stated["classification"],
            purposes=tuple(stated["purposes"]),
            released_to=tuple(AuthorityId(each) for each in stated["released_to"]),
            excluded=tuple(AuthorityId(each) for each in stated["excluded"]),
            communities=tuple(stated["communities"]),
            case=stated["case"] or None,
            content=cast(Content, stated["content"]),
            subject_category=stated["subject_category"] or None,
            crime_areas=tuple(stated["crime_areas"]),
            review_on=stated["review_on"] or None,
            expires_on=stated["expires_on"] or None,
        )


def handling_form(desk: Desk, prefix: str, *, sent: Any = None, handling: Handling | None = None) -> HandlingForm:
    """The fields of a handling: as they were sent, or as it stands, or as a new one begins (nobody else reads)."""
    start = handling or Handling(owner=desk.authority.id)
    initial: dict[str, Any] = {name: list(getattr(start, name)) for name in _MANY}
    initial |= {name: getattr(start, name) or "" for name in _OPTIONAL}
    initial |= {name: getattr(start, name) for name in ("hit", "classification", "content", "restriction")}
    return HandlingForm(sent, desk=desk, prefix=prefix, initial=initial)


def stated_handling(
    desk: Desk, prefix: str, sent: Any, earlier: Handling | None
) -> tuple[HandlingForm, Handling | None]:
    """The fields as sent and the handling that they state; the earlier one where they cannot be read."""
    form = handling_form(desk, prefix, sent=sent, handling=earlier)
    return form, form.handling(desk.authority.id) if form.is_valid() else earlier
