"""Forms of officers: which are shown, what each may do, who is entered, and who takes over from one who leaves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.directory import Officer
from alidade.web.forms import Form, choices
from alidade.web.place import Desk


class FilterForm(Form):
    """Which officers are shown."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    access = forms.ChoiceField(
        label=gettext_lazy("Access"),
        required=False,
        choices=[("", gettext_lazy("all")), ("yes", gettext_lazy("at work")), ("no", gettext_lazy("ended"))],
    )

    def __init__(self, *args: Any, desk: Desk, officers: tuple[Officer, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = sorted({officer.unit for officer in officers if officer.unit})
        _offer(self, "role", choices(desk.node.vocabulary, "roles", desk.language, empty=_("all")))
        _offer(self, "unit", [("", _("all")), *((unit, unit) for unit in units)])


class RightsForm(Form):
    """Role, unit, clearance and cases of an officer."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=100, required=False)
    clearance = forms.ChoiceField(label=gettext_lazy("Clearance"))
    cases = forms.CharField(
        label=gettext_lazy("Cases"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("All cases that are open to the officer, one on each line. An administrator has none."),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, listed in (("role", "roles"), ("clearance", "classifications")):
            _offer(self, name, choices(desk.node.vocabulary, listed, desk.language))

    def cases_given(self) -> tuple[str, ...]:
        """The cases, one for each line that says something."""
        lines = self.cleaned_data["cases"].splitlines()
        return tuple(sorted({line.strip() for line in lines if line.strip()}))


class NewOfficerForm(RightsForm):
    """An officer to be entered."""

    name = forms.RegexField(
        regex=r"^[^\s/]+$",
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("One word, such as j.devries. It cannot be changed later."),
    )
    field_order = ("name", "role", "unit", "clearance", "cases")


class LeavingForm(Form):
    """Who takes over from one who leaves."""

    colleague = forms.ChoiceField(
        label=gettext_lazy("Hand over to"),
        required=False,
        help_text=gettext_lazy("Standing checks and drafts go on in the name of this colleague, with his own rights."),
    )

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "colleague", [("", _("nobody: standing checks end, drafts wait")), *colleagues])


def _offer(form: Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = offered
