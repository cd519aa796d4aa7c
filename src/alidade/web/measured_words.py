"""Measured words: how a network was measured, said in the language of who reads, from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.services.picture.mappings_compared import MappingsCompared
from alidade.services.picture.measured_network import RolePossible
from alidade.web.templatetags.alidade import day, percent

Numbers = Mapping[str, Any]

#: What somebody does, by the codes of network/data/roles.json.
ACTS: Final = {
    "pays": gettext_lazy("makes payments"),
    "is paid": gettext_lazy("receives payments"),
    "lends": gettext_lazy("is owed money"),
    "calls": gettext_lazy("starts contacts"),
    "is called": gettext_lazy("is contacted"),
    "transports": gettext_lazy("transports goods or people"),
    "moves": gettext_lazy("is seen on journeys"),
    "owns company": gettext_lazy("owns companies or other assets"),
    "directs company": gettext_lazy("directs companies"),
    "registers company": gettext_lazy("registers companies"),
    "controls": gettext_lazy("controls others or their companies"),
    "is controlled": gettext_lazy("acts under the control of somebody else"),
    "instructs": gettext_lazy("gives instructions"),
    "represents": gettext_lazy("acts for others as agent or adviser"),
    "employed at": gettext_lazy("is employed"),
    "holds post": gettext_lazy("holds a public post"),
    "gives access": gettext_lazy("gives access to a port, a register or an office"),
    "introduces": gettext_lazy("brings others together"),
    "provides documents": gettext_lazy("provides documents"),
    "recruits": gettext_lazy("recruits others"),
    "threatens": gettext_lazy("threatens or uses violence"),
    "carries cash": gettext_lazy("carries or deposits cash"),
    "supplies": gettext_lazy("supplies goods"),
    "receives goods": gettext_lazy("receives goods"),
    "sells": gettext_lazy("sells goods"),
    "loses goods": gettext_lazy("had goods seized"),
    "stores": gettext_lazy("keeps goods, vehicles or places ready"),
    "produces": gettext_lazy("produces or processes goods"),
    "uses encrypted channel": gettext_lazy("uses an encrypted channel"),
}


def how_said(computed: Mapping[str, Numbers]) -> dict[str, str]:
    """How each part was measured, from `Measured.computed`: a sentence or two by the name of the part."""
    return {part: _SAYS[part](numbers) for part, numbers in computed.items()}


def evidence_said(role: RolePossible) -> list[str]:
    """What somebody does that speaks for a role, each with how often."""
    return [f"{ACTS.get(act, act)} ({times:g})" for act, times in role.acts]


def compared_said(found: MappingsCompared) -> str:
    """How two mappings were compared."""
    return _(
        "A network goes on where at least %(overlap)s of its members are in a network of the other mapping; it grew or "
        "shrank where its size changed by at least %(change)s."
    ) % {"overlap": percent(found.parameters["overlap"]), "change": percent(found.parameters["change"])}


def _links(numbers: Numbers) -> str:
    said = _(
        "Two members are linked by a tie, or by one thing that at most %(most)s members share. How probable a link is "
        "comes from the 4x4 grades of its ties."
    ) % {"most": numbers["most"]}
    return f"{said} {_table(numbers)}"


def _components(_numbers: Numbers) -> str:
    return _("A part is everybody who is linked, over however many others.")


def _groups(numbers: Numbers) -> str:
    return _(
        "Groups are those with more links within than between, by the constant Potts model (resolution %(resolution)s, "
        "start number %(seed)s)."
    ) % {"resolution": f"{numbers['resolution']:.3g}", "seed": numbers["seed"]}


def _key(numbers: Numbers) -> str:
    by = (
        _("Found and proved by an integer program.")
        if numbers["proved"]
        else _("The best that several searches found within %(seconds)s seconds.")
        % {"seconds": f"{numbers['seconds']:g}"}
    )
    cap = _(
        "No part may be left that is larger than %(share)s of the largest now. Stable: in how many of %(worlds)s "
        "networks drawn by the grades of the ties somebody is among those found."
    ) % {"share": percent(numbers["cap_share"]), "worlds": numbers["worlds"]}
    return f"{by} {cap}"


def _disruption(_numbers: Numbers) -> str:
    return _(
        "Each time the one is removed over whom most shortest ways lead, counted anew after each removal; of several "
        "the first by reference (Cavallaro and others 2020)."
    )


def _recovery(numbers: Numbers) -> str:
    return _(
        "After each removal those left look for new contacts nearby: the mean of %(runs)s drawn courses, and between "
        "which 95 %% of them lie (Duijn and others 2014; start number %(seed)s)."
    ) % {"runs": numbers["runs"], "seed": numbers["seed"]}


def _hidden(numbers: Numbers) -> str:
    return _(
        "A tenth of the known links was hidden %(repeats)s times and looked for by how the rest hangs together; what "
        "was right then is what is stated. A link that exists and nobody knows counts as wrong (start number %(seed)s)."
    ) % {"repeats": numbers["repeats"], "seed": numbers["seed"]}


def _roles(numbers: Numbers) -> str:
    said = _("By rules on what somebody does; where he stands in the network is one input and never enough.")
    return f"{said} {_table(numbers)}"


def _table(numbers: Numbers) -> str:
    values = {"date": day(str(numbers["date"]))}
    if numbers["verified"]:
        return _("The table is of %(date)s and verified.") % values
    return _("The table is of %(date)s, the program's own, and not verified.") % values


_SAYS: Final[Mapping[str, Callable[[Numbers], str]]] = {
    "links": _links,
    "components": _components,
    "groups": _groups,
    "key": _key,
    "disruption": _disruption,
    "hidden": _hidden,
    "recovery": _recovery,
    "roles": _roles,
}
