"""Requests: an information request as an officer would send it, its form filled in with invented answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.procedures import Value, load_catalogue, sample_values
from alidade.services.threads.view import Opening, StepOrder
from alidade.vocabulary import Vocabulary

PROCEDURE: Final = "information_request"
ASKS: Final = "requester"
ASKED: Final = "requested"
_GIVEN: Final[Mapping[str, Value]] = MappingProxyType(
    {"sent_by_spoc": True, "europol_copy": False, "urgent": False, "about_somebody": False}
)


def request(own: AuthorityId, other: AuthorityId, number: int, vocabulary: Vocabulary) -> Opening:
    """One of many requests to another authority."""
    form = load_catalogue().newest(PROCEDURE).form_of_step("open")
    if form is None:
        raise AssertionError("an information request has a form")
    asked = {field.code for field in form.fields}
    given = {name: value for name, value in _GIVEN.items() if name in asked}
    return Opening(
        procedure=PROCEDURE,
        parties={other: ASKED},
        title=f"Lorry {number} seen at the border",
        case=f"case-{number}",
        order=StepOrder(code="open", values=sample_values(form, vocabulary, given)),
        handling=handling(own),
    )


def handling(own: AuthorityId) -> Handling:
    """The conditions under which an authority sends it."""
    return Handling(owner=own, purposes=("18.2.a",), subject_category="suspect_or_convicted")
