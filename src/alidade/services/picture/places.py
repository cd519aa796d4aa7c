"""Places: where a thing stands on the map: by its own position, by the code of its port, or by its country alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from alidade.services.picture.captions import firmness
from alidade.store.reading import SeenStatement

Exactness = Literal["position", "port", "country"]
_FOLDER: Final = Path(__file__).parent / "data"
# Which property says of a thing where it is, the plainest first.
_COUNTRIES: Final = ("country", "flag", "jurisdiction", "registrationCountry", "mainCountry")

#: The properties by which a thing has a place.
PLACING: Final = ("latitude", "longitude", "unLocode", *_COUNTRIES)


class _Port(msgspec.Struct, frozen=True):
    code: str
    name: str
    latitude: float
    longitude: float


class _Ports(msgspec.Struct, frozen=True):
    source: str
    licence: str
    ports: tuple[_Port, ...]


class _Country(msgspec.Struct, frozen=True):
    code: str
    latitude: float
    longitude: float


class _Countries(msgspec.Struct, frozen=True):
    source: str
    licence: str
    countries: tuple[_Country, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point in degrees (WGS 84) and how exact it is: a position, a port, or no more than a country.

    `key` is the same for all that stands at the same place: the code of the port, `country:XX`, or the point itself.
    `country` is the code of the country as far as it is known, else empty.
    """

    key: str
    latitude: float
    longitude: float
    exactness: Exactness
    country: str


@cache
def ports() -> Mapping[str, Spot]:
    """Sea ports by their UN/LOCODE; positions are those of the source and not checked port by port."""
    listed = msgspec.json.decode((_FOLDER / "sea_ports.json").read_bytes(), type=_Ports).ports
    return MappingProxyType(
        {
            each.code: Spot(
                key=each.code, latitude=each.latitude, longitude=each.longitude, exactness="port",
                country=each.code[:2],
            )
            for each in listed
        }
    )  # fmt: skip


@cache
def port_names() -> Mapping[str, str]:
    """The names of the same ports."""
    listed = msgspec.json.decode((_FOLDER / "sea_ports.json").read_bytes(), type=_Ports).ports
    return MappingProxyType({each.code: each.name for each in listed})


@cache
def countries() -> Mapping[str, Spot]:
    """A point within each country; it says which country is meant and nothing of where within."""
    listed = msgspec.json.decode((_FOLDER / "country_points.json").read_bytes(), type=_Countries).countries
    return MappingProxyType(
        {
            each.code: Spot(
                key=f"country:{each.code}", latitude=each.latitude, longitude=each.longitude, exactness="country",
                country=each.code,
            )
            for each in listed
        }
    )  # fmt: skip


def spot_of(statements: Sequence[SeenStatement]) -> Spot | None:
    """Where a thing is by what is said of it; None where nothing says it."""
    said = _by_property(statements)
    code = _first(said, ("unLocode",)).replace(" ", "").upper()
    country = _country(_first(said, _COUNTRIES)) or (code[:2] if code in ports() else "")
    position = _position(said)
    if position is not None:
        latitude, longitude = position
        key = code or f"{latitude:.4f},{longitude:.4f}"
        return Spot(key=key, latitude=latitude, longitude=longitude, exactness="position", country=country)
    if code in ports():
        return ports()[code]
    return countries().get(country)


def country_spot(statements: Sequence[SeenStatement], *properties: str) -> Spot | None:
    """The point of the country that the first of these properties names."""
    return countries().get(_country(_first(_by_property(statements), properties)))


def countries_of(statements: Iterable[SeenStatement], properties: Sequence[str]) -> tuple[str, ...]:
    """The codes of all countries that these properties name, in order."""
    found = {_country(each.value) for each in statements if each.property in properties}
    return tuple(sorted(found - {""}))


def _by_property(statements: Iterable[SeenStatement]) -> dict[str, list[SeenStatement]]:
    said: dict[str, list[SeenStatement]] = {}
    for each in sorted(statements, key=lambda each: (firmness(each.evaluation), each.number)):
        said.setdefault(each.property, []).append(each)
    return said


def _first(said: Mapping[str, Sequence[SeenStatement]], properties: Sequence[str]) -> str:
    return next((said[name][0].value for name in properties if said.get(name)), "")


def _country(value: str) -> str:
    code = value.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _position(said: Mapping[str, Sequence[SeenStatement]]) -> tuple[float, float] | None:
    """Latitude and longitude as one record gives them: those of two records make no point."""
    east = {each.record: each.value for each in reversed(said.get("longitude", ()))}
    for each in said.get("latitude", ()):
        latitude, longitude = _degrees(each.value, 90), _degrees(east.get(each.record, ""), 180)
        if latitude is not None and longitude is not None:
            return latitude, longitude
    return None


def _degrees(text: str, most: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None
