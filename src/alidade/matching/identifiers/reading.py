"""One way in for every kind of identifier: text as typed in, comparison key out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from alidade.matching.identifiers import contact, finance, papers, transport, web
from alidade.matching.identifiers.cleaning import clean
from alidade.matching.identifiers.kinds import LONGEST, Identifier, IdentifierError, IdentifierKind

_Reader = Callable[[str, str | None], Identifier]

_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "document": papers.read_document,
        "phone": contact.read_phone,
        "email": contact.read_email,
        "plate": transport.read_plate,
        "vin": transport.read_vin,
        "imo": transport.read_imo,
        "mmsi": transport.read_mmsi,
        "container": transport.read_container,
        "iban": finance.read_iban,
        "crypto": finance.read_crypto,
        "web": web.read_web,
        "tax": papers.read_tax,
        "registration": papers.read_registration,
        "account": papers.read_account,
        "callsign": transport.read_callsign,
    }
)
#: These look at the raw text themselves, because blanks or letter forms mean something there.
_OWN_CLEANING: Final = frozenset({"phone", "email", "plate", "crypto", "web"})


def normalise(kind: IdentifierKind, text: str, *, country: str | None = None) -> Identifier:
    """Read a number or address so that two ways of writing it meet under one key.

    country  ISO 3166-1 alpha-2 of the State that issued it or where it was noted; needed for phone numbers in
    national form. Raises IdentifierError, whose message never contains the text, when it cannot be such an
    identifier at all. A wrong check digit is no error: the result says valid False. The key is deterministic,
    and `normalise(kind, identifier.shown).key == identifier.key`.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise IdentifierError("kind", "no such kind of identifier")
    if country is not None:
        country = country.strip().upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():
            raise IdentifierError("country", f"{kind}: the country must be a code of two letters")
    identifier = reader(text if kind in _OWN_CLEANING else clean(kind, text), country)
    if len(identifier.shown) > LONGEST or len(identifier.key) > LONGEST:
        raise IdentifierError("too_long", f"{kind}: more than {LONGEST} characters")
    return identifier
