"""Patience: who guesses a password or a code must wait, longer each time, and nobody is ever locked out for good.

What is counted and for how long makes the difference between slowing a stranger down and letting him lock out a police
force:

* one officer's name from one network: three tries at once, then a pause that doubles, at most a quarter of an hour.
  The officer at another desk does not notice;
* one officer's name from everywhere: twenty tries, then at most half a minute between two of them;
* one network, whatever the names: a hundred tries, then at most ten seconds between two of them, so that the hashing of
  passwords cannot be used to keep everybody from work.

Passkeys are not counted: there is nothing in them to guess, and they go on working while passwords wait. The counts
lie in the database of accounts, over all processes, and survive a restart; they fade after an hour of quiet.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

FADES: Final = 3600  # seconds of quiet after which nothing is counted any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How many tries are free, and the longest pause after that, in seconds."""

    free: int
    longest: float

    def pause(self, tries: int) -> float:
        """The seconds that must lie between the last of so many tries and the next."""
        beyond = tries - self.free
        return 0.0 if beyond < 0 else float(min(self.longest, 2.0 ** min(beyond, 20)))


OFFICER_HERE: Final = Measure(free=3, longest=15 * 60)
OFFICER_ANYWHERE: Final = Measure(free=20, longest=30)
NETWORK: Final = Measure(free=100, longest=10)

Counted = tuple[tuple[str, Measure], ...]


def counted_for(request: HttpRequest, officer: str) -> Counted:
    """What a try to sign in as an officer counts towards."""
    network = network_of(request)
    name = officer.strip().casefold()
    return (
        (_key("officer", name, network), OFFICER_HERE),
        (_key("officer", name), OFFICER_ANYWHERE),
        (_key("network", network), NETWORK),
    )


def counted_for_setup(request: HttpRequest) -> Counted:
    """What a try of the set-up code counts towards."""
    return ((_key("setup", network_of(request)), OFFICER_HERE), (_key("setup"), OFFICER_ANYWHERE))


def wait_before(counted: Counted) -> float:
    """Count a try and return 0, or return the seconds to wait before the next may be made, which is then not counted.

    The try is counted before it is known whether it fails, so that many at once do not get by: see `forgive`.
    """
    now = timezone.now().timestamp()
    with transaction.atomic():  # of the database of accounts, in which the cache lies too
        kept = {key: _kept(key, now) for key, _ in counted}
        wait = max(last + measure.pause(tries) - now for key, measure in counted for tries, last in [kept[key]])
        if wait > 0:
            return wait
        for key, (tries, _) in kept.items():
            cache.set(key, (tries + 1, now), FADES)
    return 0.0


def forgive(counted: Counted) -> None:
    """Take back the count of a try that succeeded; those that failed before it stay counted."""
    now = timezone.now().timestamp()
    with transaction.atomic():
        for key, _ in counted:
            tries, last = _kept(key, now)
            cache.set(key, (max(0, tries - 1), last), FADES)


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from: the address, for IPv6 the first 64 bits of it."""
    address = get_client_ip(request) or ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def _kept(key: str, now: float) -> tuple[int, float]:
    read: Callable[[str], object] = cache.get
    found = read(key)
    return found if isinstance(found, tuple) else (0, now - FADES)


def _key(*parts: str) -> str:
    """No officer's name and no address stands in the table of counts."""
    return "patience:" + hashlib.sha256("\x00".join(parts).encode()).hexdigest()
