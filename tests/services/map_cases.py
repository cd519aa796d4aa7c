"""A small route for the tests of maps: ports, voyages, a seizure, and a place that only its giver sees."""

from __future__ import annotations

from chart_cases import SECRET, refers
from personas import DE, FR, NL, Office, draft

from alidade.services.records import overview


def route(office: Office) -> dict[str, str]:
    """NL gives three ports, two voyages of one vessel, a seizure; DE, for itself alone, a port, a voyage, a stay."""
    office.give(
        draft("gye", "Port", name="Guayaquil", unLocode="ECGYE", country="EC"),
        draft("rtm", "Port", name="Rotterdam", unLocode="NLRTM", latitude="51.95", longitude="4.14", country="NL"),
        draft("min", "Port", name="Mindelo", unLocode="CVMIN", country="CV"),
        draft("shed", "Address", full="Invented Quay 17", country="NL"),
        draft("nowhere", "Address", full="Nobody says where"),
        draft("vessel", "Vessel", name="Meltemi", flag="LR"),
        draft("person", name="Ada Lindqvist", nationality="NL"),
        draft("far", name="Bo Verhoeven", nationality="EC"),
        draft("one", "Movement", name="Voyage one", date="2026-03-01", departure=refers("departure", "gye"),
              arrival=refers("arrival", "min"), moved=refers("moved", "vessel")),
        draft("two", "Movement", name="Voyage two", date="2026-03-12", departure=refers("departure", "min"),
              arrival=refers("arrival", "rtm"), moved=refers("moved", "vessel")),
        draft("seized", "Seizure", name="Seizure of 310 kg", date="2026-03-21", place=refers("place", "rtm", "A1"),
              routeFrom="EC", routeTo="NL"),
        draft("stay", "Presence", present=refers("present", "person"), place=refers("place", "rtm"),
              startDate="2026-03-20"),
        draft("paid", "Payment", payer=refers("payer", "person", "C3"), beneficiary=refers("beneficiary", "far", "C3"),
              date="2026-02-14"),
        by=NL,
    )  # fmt: skip
    office.give(
        draft("hidden", "Port", name="Hidden Harbour", unLocode="MAPTM", country="MA"),
        draft("rtm", "Port", name="Rotterdam again", unLocode="NLRTM", country="NL"),
        draft("third", "Movement", name="Voyage three", date="2026-04-02", departure=refers("departure", "rtm"),
              arrival=refers("arrival", "hidden")),
        by=DE,
        handling=office.handling(DE, **SECRET),
    )  # fmt: skip
    named: dict[str, str] = {}
    for who in (NL, DE, FR):
        for each in overview(office.node, office.officer(who), newest=500).newest:
            if each.property in ("name", "full"):
                named[each.value] = each.record
    return named
