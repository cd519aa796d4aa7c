"""A port scene for questions: vessels, ports, presences and seizures, of two authorities, with something hidden."""

from __future__ import annotations

from linked_cases import refers
from personas import DE, Office, draft

from alidade.services.picture.chart_state import Named
from alidade.services.picture.question_terms import Group, Near, PictureQuestion, Said, Seen, Tied


def presence(key: str, vessel: str, port: str, day: str) -> object:
    """A vessel in a port on a day."""
    return draft(key, "Presence", present=refers("present", vessel), place=refers("place", port), startDate=day,
                 endDate=day)  # fmt: skip


def give_ports(office: Office) -> dict[str, str]:
    """Alba is in two ports around the seizure of cocaine, Bora in one, Cora in two but long before; Dora hidden."""
    open_to_all = office.handling(content="non_personal")
    given = office.give(
        draft("rotterdam", "Port", name="Rotterdam", unLocode="NLRTM"),
        draft("maasvlakte", "Port", name="Maasvlakte", partOf=refers("partOf", "rotterdam")),
        draft("antwerp", "Port", name="Antwerp", unLocode="BEANR"),
        draft("lisbon", "Port", name="Lisbon", unLocode="PTLIS"),
        draft("alba", "Vessel", name="Alba", flag="PA", tonnage="4000"),
        draft("bora", "Vessel", name="Bora", flag="LR", tonnage="900"),
        draft("cora", "Vessel", name="Cora", flag="PA"),
        draft("coke", "Substance", name="cocaine", substanceClass="cocaine"),
        draft("hash", "Substance", name="cannabis resin"),
        draft("firm", "Company", name="Noordzee Fruit BV"),
        draft(
            "owns", "Ownership", owner=refers("owner", "firm"), asset=refers("asset", "alba"), startDate="2025-01-01"
        ),
        presence("p1", "alba", "maasvlakte", "2026-02-20"),
        presence("p2", "alba", "antwerp", "2026-03-20"),
        presence("p3", "bora", "rotterdam", "2026-03-01"),
        presence("p4", "bora", "lisbon", "2026-03-02"),
        presence("p5", "cora", "rotterdam", "2025-06-01"),
        presence("p6", "cora", "antwerp", "2025-06-05"),
        draft("raid", "Seizure", date="2026-03-05", place=refers("place", "antwerp"), seized=refers("seized", "coke"),
              quantity="1200"),
        draft("small", "Seizure", date="2025-06-03", place=refers("place", "lisbon"), seized=refers("seized", "hash")),
        handling=open_to_all,
        source_list="ports",
    )  # fmt: skip
    hidden = office.give(
        draft("dora", "Vessel", name="Dora"),
        presence("p7", "dora", "rotterdam2", "2026-03-01"),
        presence("p8", "dora", "antwerp2", "2026-03-03"),
        draft("rotterdam2", "Port", name="Rotterdam"),
        draft("antwerp2", "Port", name="Antwerpen"),
        by=DE,
        handling=office.handling(DE, communities=(), hit="silent", content="non_personal"),
        source_list="ports",
    )
    return {**hidden.records, **given.records}


def ports_question(
    ids: dict[str, str], *, days: int = 30, substance: str = "", at: str = "anywhere"
) -> PictureQuestion:
    """Vessels seen in two of these ports within so many days of a seizure (of a substance, where one is said)."""
    what = Tied(
        ties=("seized",), things=("Substance",), where=Group(conditions=(Said(property="name", value=substance),))
    )
    near = Near(days=days, at=at, where=Group(conditions=(what,)) if substance else Group())  # type: ignore[arg-type]
    places = tuple(Named(record=ids[each]) for each in ("rotterdam", "antwerp", "lisbon"))
    return PictureQuestion(
        things=("Vessel",), where=Group(conditions=(Seen(places=places, at_least=2, near=near),))
    )  # fmt: skip
