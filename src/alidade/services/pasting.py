"""Pasting: numbers and dates found in a text by a machine; nothing of it is said until the officer ticks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import msgspec

from alidade.matching.text_identifiers import LONGEST_TEXT, FoundIdentifier, FoundKind, find_identifiers
from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.giving_form import FormThing, FormValue, GivingForm
from alidade.services.node import Node
from alidade.vocabulary import Vocabulary

SOURCE_KEY: Final = "text"  # key of the document that holds the passages
# What a finding becomes unless the officer says otherwise: a thing of its own, with this property.
BECOMES: Final[Mapping[FoundKind, tuple[str, str]]] = MappingProxyType(
    {
        "document": ("Identification", "number"),
        "phone": ("Phone", "number"),
        "email": ("EmailAddress", "email"),
        "plate": ("Vehicle", "registrationNumber"),
        "vin": ("Vehicle", "vin"),
        "imo": ("Vessel", "imoNumber"),
        "mmsi": ("Vessel", "mmsi"),
        "callsign": ("Vessel", "callSign"),
        "container": ("Container", "containerNumber"),
        "iban": ("BankAccount", "iban"),
        "account": ("BankAccount", "accountNumber"),
        "crypto": ("CryptoWallet", "publicKey"),
        "web": ("WebAddress", "url"),
        "tax": ("LegalEntity", "taxNumber"),
        "registration": ("Company", "registrationNumber"),
        "date": ("Event", "date"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """A finding that the officer has ticked, by its number.

    `about` is the key of a thing of the form of which it is said; empty for a thing of its own.
    """

    number: int
    about: str = ""


def find_in_text(node: Node, actor: Actor, text: str, *, country: str = "") -> tuple[FoundIdentifier, ...]:
    """What a machine finds in a text, with place, kind and normal form; nothing is kept.

    `country` (alpha-2) reads phone numbers in national form. Raises Invalid for a text that is too long.
    """
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"The text is longer than {LONGEST_TEXT} characters.", remedy="Paste it in parts.")
    if country and country not in node.vocabulary.countries:
        raise Invalid("The country is not in the list.", remedy="Leave it open, or choose one.")
    found = find_identifiers(text, country=country or None)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        log(tx, actor, "contribute", results=len(found), details={"step": "text looked through"})
    return found


def with_findings(
    form: GivingForm, found: Sequence[FoundIdentifier], ticked: Sequence[Ticked], vocabulary: Vocabulary
) -> GivingForm:
    """The form with what was ticked: each as a value that is marked as found by a machine, and a document as source.

    The document holds the passages around what was ticked, and nothing else of the text. Where a thing of the form
    has no property for a finding that shall be said of it, the finding becomes a thing of its own.
    """
    chosen = [(each, found[each.number]) for each in ticked if 0 <= each.number < len(found)]
    if not chosen:
        return form
    things = {thing.key: thing for thing in form.things}
    source = _unused(SOURCE_KEY, things)
    passages = "\n".join(dict.fromkeys(finding.snippet for _, finding in chosen))
    proof = FormValue(property="proof", value=source, machine=True)
    for each, finding in chosen:
        known = things.get(each.about)
        name = _property_for(known.thing, finding.kind, vocabulary) if known is not None else None
        if known is not None and name is not None:
            extra = [FormValue(property=name, value=finding.value, machine=True)]
            extra += [] if any(one.value == source for one in known.values) else [proof]
            things[known.key] = msgspec.structs.replace(known, values=(*known.values, *extra))
        else:
            key = _unused(finding.kind, things)
            thing, own = BECOMES[finding.kind]
            value = FormValue(property=own, value=finding.value, machine=True)
            things[key] = FormThing(key=key, thing=thing, values=(value, proof))
    things[source] = FormThing(
        key=source,
        thing="Document",
        values=(FormValue(property="bodyText", value=passages, machine=True),),
    )
    return msgspec.structs.replace(form, things=tuple(things.values()))


def _property_for(thing: str, kind: FoundKind, vocabulary: Vocabulary) -> str | None:
    """The property of a type of thing that holds such a finding; None where it has none."""
    properties = vocabulary.properties_of(thing) if thing in vocabulary.things else {}
    if kind == "date":
        return "date" if "date" in properties else None
    own, name = BECOMES[kind]
    if vocabulary.is_a(thing, own):
        return name
    return next((each.name for each in properties.values() if each.identifier_kind == kind), None)


def _unused(stem: str, taken: Mapping[str, object]) -> str:
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
