"""Linked cases: a few things and the links between them, for tests of whatever goes from thing to thing."""

from __future__ import annotations

from personas import Office, draft

from alidade.model.draft import Claim


def refers(name: str, key: str) -> Claim:
    """A claim that points to another draft."""
    return Claim(property=name, value=key, refers=True)


def give_network(office: Office) -> dict[str, str]:
    """Two persons, their company, a phone of one of them, and a link that only its giver may see."""
    given = office.give(
        draft("jan", name="Jan Vermeulen", phone="+31612345678"),
        draft("piet", name=[Claim(property="name", value="Petr Ivanov", original="Пётр Иванов")]),
        draft("firm", "Company", name="Vermeulen Transport"),
        draft("phone", "Phone", number="+31612345678", subscriber=refers("subscriber", "jan")),
        draft(
            "runs",
            "Directorship",
            director=refers("director", "jan"),
            organization=refers("organization", "firm"),
            startDate="2024-02-01",
        ),
        source_list="net",
    )
    closed = office.give(
        draft("knows", "Associate", person=refers("person", "jan"), associate=refers("associate", "piet")),
        handling=office.handling(communities=(), hit="silent"),
        source_list="net",
    )
    return {**given.records, **closed.records}
