"""Numbers: telephones, plates, containers and accounts that are well formed and belong to nobody.

Telephones begin with calling codes that no country has (ITU E.164, spare codes); containers and banks bear prefixes
made up for rehearsals. Check digits are right, so that mistakes in writing can be told.
"""

from __future__ import annotations

from typing import Final

from alidade.simulation.networks.chance import Chance

_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_DIGITS: Final = "0123456789"
_SPARE: Final = ("210", "214", "215", "217", "219", "384", "693", "699", "801", "803")
_MID: Final = {"NL": "244", "BE": "205", "DE": "211", "FR": "226", "ES": "224", "PT": "255", "GR": "237", "PA": "352"}


def digits(chance: Chance, count: int) -> str:
    """So many digits."""
    return "".join(chance.one_of(_DIGITS) for _ in range(count))


def letters(chance: Chance, count: int) -> str:
    """So many letters that cannot be taken for digits."""
    return "".join(chance.one_of(_LETTERS) for _ in range(count))


def phone(chance: Chance) -> str:
    """A telephone number with a calling code that is spare."""
    return f"+{chance.one_of(_SPARE)}{chance.between(1, 9)}{digits(chance, 8)}"


def plate(chance: Chance, state: str) -> str:
    """A registration plate; the letters RH stand for rehearsal."""
    del state
    return f"{letters(chance, 2)}-{digits(chance, 3)}-RH{letters(chance, 1)}"


def vin(chance: Chance) -> str:
    """A vehicle identification number of 17 signs of a maker that does not exist."""
    return f"9RH{letters(chance, 5)}{digits(chance, 9)}"


def imo(chance: Chance) -> str:
    """An IMO number with its check digit, from a range that no vessel has."""
    body = f"2{digits(chance, 5)}"
    return body + str(sum(int(digit) * weight for digit, weight in zip(body, range(7, 1, -1), strict=True)) % 10)


def mmsi(chance: Chance, flag: str) -> str:
    """A maritime mobile number of the flag."""
    return _MID.get(flag, "357") + digits(chance, 6)


def container(chance: Chance) -> str:
    """A container number with its check digit (ISO 6346); the owner's code is made up."""
    body = f"{chance.one_of(('RHZ', 'ZQX', 'XRH', 'QZR'))}U{digits(chance, 6)}"
    total = 0
    for place, sign in enumerate(body):
        value = int(sign) if sign.isdigit() else _letter_value(sign)
        total += value * 2**place
    return body + str(total % 11 % 10)


def _letter_value(sign: str) -> int:
    value = 10
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        if value % 11 == 0:
            value += 1
        if letter == sign:
            return value
        value += 1
    raise ValueError("not a letter")


def iban(chance: Chance, state: str) -> str:
    """An account number of an invented bank, with its check digits (ISO 13616), as long as in the Netherlands."""
    country = state if state in _IBAN_FORM else "NL"
    length, letters_first = _IBAN_FORM[country]
    body = ("RHRS" if letters_first else "9999") + digits(chance, length - 8)
    spelled = "".join(str(int(sign, 36)) for sign in body + country + "00")
    return f"{country}{98 - int(spelled) % 97:02d}{body}"


#: Length, and whether the bank is written in letters, in States whose form is that simple.
_IBAN_FORM: Final = {"NL": (18, True), "DE": (22, False), "LT": (20, False), "RO": (24, True)}


def document(chance: Chance) -> str:
    """The number of a passport."""
    return f"{letters(chance, 2)}{digits(chance, 7)}"


def national(chance: Chance) -> str:
    """A national number of a person."""
    return f"RH{digits(chance, 9)}"


def registration(chance: Chance, state: str) -> str:
    """The number of a company in the register of its State."""
    return f"RH-{state}-{digits(chance, 7)}"


def tax(chance: Chance, state: str) -> str:
    """A tax number."""
    return f"{state}RH{digits(chance, 8)}"


def callsign(chance: Chance) -> str:
    """A call sign."""
    return f"{letters(chance, 3)}{digits(chance, 2)}"
