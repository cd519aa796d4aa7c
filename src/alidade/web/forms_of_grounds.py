"""Forms of grounds: what an officer states before anything personal can be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alidade.services.node import Node
from alidade.web.forms import Form, choices


class GroundsForm(Form):
    """What goes into the ledger with everything that is read from here on (LED Art. 25)."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    legal_ground = forms.ChoiceField(label=_("Legal ground"))
    case = forms.CharField(
        label=_("Case or control"), max_length=200, help_text=_("Your reference, such as a case number or a control.")
    )
    justification = forms.CharField(
        label=_("Justification"), max_length=500, help_text=_("Why this work needs it, in your words.")
    )

    def __init__(self, *args: Any, node: Node, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = node.vocabulary
        purpose, ground = self.fields["purpose"], self.fields["legal_ground"]
        if isinstance(purpose, forms.ChoiceField) and isinstance(ground, forms.ChoiceField):
            purpose.choices = choices(words, "purposes", language)
            ground.choices = choices(words, "legal_grounds", language)
