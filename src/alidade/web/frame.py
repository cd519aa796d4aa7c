"""Frame: the rail of rooms, who acts as whom, and the grounds in force, for every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alidade.web.place import Desk


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a room: its name in the addresses, its title, and the acts of which the role must list one.

    `holds` names further pages that lie in it, beside those that bear its name before a dot.
    """

    name: str
    title: str | Promise
    acts: tuple[str, ...]
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """One room of the rail. Rooms that are not built yet, and those in which an officer may do nothing, are absent."""

    key: str
    title: str | Promise
    leaves: tuple[Leaf, ...]


ROOMS = (
    Room("my-day", _("My day"), (Leaf("my-day", _("My day"), ()), Leaf("feedback", _("Feedback"), ("feedback_read",)))),
    Room(
        "check",
        _("Check"),
        (
            Leaf("check", _("Check"), ("check",)),
            Leaf("check-list", _("Check a list"), ("check_batch",)),
            Leaf("hits", _("Hits to judge"), ("verdict",)),
            Leaf("standing", _("Standing checks"), ("standing_check",)),
            Leaf("notices", _("Who asked about ours"), ("notices_read",)),
            Leaf("records", _("Records"), ("record_read",)),
        ),
    ),
    Room(
        "picture",
        _("Picture"),
        (
            Leaf("picture", _("Link chart"), ("picture_read",), ("entity", "chart")),
            Leaf("picture.map", _("Map"), ("picture_read",)),
            Leaf("picture.timeline", _("Timeline"), ("picture_read",)),
            Leaf("picture.matrix", _("Countries"), ("picture_read",)),
            Leaf("question", _("Questions"), ("picture_read",)),
            Leaf("dossiers", _("Networks"), ("picture_read",), ("dossier",)),
            Leaf("judgements", _("Same or different"), ("judge",)),
        ),
    ),
    Room(
        "exchange",
        _("Exchange"),
        (
            Leaf("inbox", _("Inbox"), ("thread_read",), ("thread",)),
            Leaf("inbox.awaited", _("Awaited"), ("thread_read",)),
            Leaf("inbox.approve", _("To approve"), ("thread_approve", "thread_step"), ("thread.draft",)),
            Leaf("inbox.desk", _("Duty desk"), ("thread_read",)),
            Leaf(
                "thread.open",
                pgettext_lazy("exchange", "New"),
                ("thread_open",),
                ("thread.compose", "thread.follow"),
            ),
            Leaf("contribute", _("Contribute"), ("contribute",)),
            Leaf("import", _("Bring a list"), ("import",)),
            Leaf("contributions", _("What we gave"), ("feedback_read", "withdraw")),
            Leaf("quarantine", _("Waiting for a category"), ("categorise",)),
            Leaf("inbox.performance", _("Statistics"), ("thread_statistics",)),
            Leaf("procedures", _("Procedures"), ("thread_read",)),
            Leaf("procedures.manage", _("Procedures"), ("procedure_manage",), ("procedures.editor",)),
            Leaf("inbox.rules", _("Rules of the desk"), ("procedure_manage",)),
            Leaf("exchange-status", _("Other nodes"), ("exchange_manage",)),
            Leaf("directory", _("Directory"), ()),
        ),
    ),
    Room(
        "follow-up",
        _("Follow-up"),
        (
            Leaf("programme", _("Measures"), ("programme_read",), ("measure", "paper")),
            Leaf("programme.matrix", _("Progress"), ("programme_read",)),
            Leaf("analysis", _("Analysis"), ("programme_read",)),
            Leaf("rounds", _("Rounds"), ("programme_read",), ("round",)),
            Leaf("evaluations", _("Mutual evaluations"), ("programme_read",), ("evaluation",)),
            Leaf("programme.reports", _("Reports"), ("programme_read",), ("report",)),
            Leaf("programme.calendar", _("Calendar"), ("programme_read",)),
        ),
    ),
    Room(
        "protect",
        _("Protect"),
        (
            Leaf("protect", _("Ledger"), ("ledger_verify", "ledger_read")),
            Leaf("queries", _("Queries"), ("ledger_read",)),
            Leaf("second-look", _("Second look"), ("second_look",)),
            Leaf("person-export", _("About a person"), ("person_export",)),
            Leaf("erasures", _("Erasures"), ("erase",)),
            Leaf("rights", _("Officers"), ("officer_manage",)),
            Leaf("consent", _("Consent"), ("authority_manage", "agreement_manage")),
            Leaf("tokens", _("Access for programs"), ("token_manage",)),
        ),
    ),
)


def rooms_of(desk: Desk, here: str) -> list[dict[str, Any]]:
    """The rooms that this officer may enter, each with its pages; the one in which the page `here` lies is marked."""
    shown = []
    for room in ROOMS:
        leaves = [
            {"name": leaf.name, "title": leaf.title, "address": address, "here": leaf.name == here}
            for leaf in room.leaves
            if (not leaf.acts or desk.acts & set(leaf.acts)) and (address := _address(leaf.name)) is not None
        ]
        if leaves:
            inside = any(leaf["here"] for leaf in leaves)
            shown.append(
                {
                    "key": room.key,
                    "title": room.title,
                    "address": leaves[0]["address"],
                    "here": inside,
                    "leaves": leaves,
                }
            )
    return shown


def leaf_of(name: str) -> str:
    """The leaf in which a page lies: its own, the one that holds it, or the one whose name it bears before a dot."""
    names = {leaf.name for room in ROOMS for leaf in room.leaves}
    if name in names:
        return name
    held = {each: leaf.name for room in ROOMS for leaf in room.leaves for each in leaf.holds}
    before = name.split(".")[0]
    return held.get(name) or held.get(before) or before


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs; nothing but the languages where nobody is signed in."""
    desk = getattr(request, "desk", None)
    shown: dict[str, Any] = {"languages": settings.LANGUAGES, "plain_http": settings.PLAIN, "desk": None}
    if isinstance(desk, Desk):
        match = request.resolver_match
        here = leaf_of((match.url_name or "") if match else "")
        rooms = rooms_of(desk, here)
        words = desk.node.vocabulary
        shown |= {
            "desk": desk,
            "rooms": rooms,
            "room": next((room for room in rooms if room["here"]), None),
            "role_label": words.label("roles", desk.officer.role, desk.language),
            "purpose_label": words.label("purposes", desk.grounds.purpose, desk.language) if desk.grounds else "",
            "authority_name": desk.authority.name,
        }
    return shown
