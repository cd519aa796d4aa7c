"""Lists: the public sanctions list as a store of its own, and an invented table."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from alidade.model.handling import Handling
from alidade.services.import_file import ImportReport, Order, import_file, look_at, preview
from alidade.services.node import Node
from benchmarks import places, staging

SDN = "OFAC SDN"


def import_sdn(node: Node, folder: Path, rejects: Path) -> ImportReport:
    """Take in the list in the name of the viewer's own authority, for everybody to read."""
    handling = Handling(
        owner=staging.VIEWER,
        classification="PUBLIC",
        communities=("all",),
        purposes=("18.2.a",),
        subject_category="publicly_listed_person",
    )
    order = Order(handling=handling, source_list=SDN, rejects=rejects)
    return import_file(node, staging.actor(node), look_at(folder), order)


def sdn_store() -> Path | None:
    """The folder of a store that holds the list; None where the list is not there."""
    shared = places.shared_data()
    if shared is None or not (shared / "ofac" / "sdn.csv").exists():
        return None
    source = shared / "ofac"

    def build(folder: Path) -> None:
        node = Node.open(folder)
        try:
            staging.begin(node)
            import_sdn(node, source, folder / "rejects")
        finally:
            node.close()

    return places.kept("sdn", __file__, build)


def write_table(path: Path, rows: int) -> None:
    """A table of invented persons."""
    random = Random(rows)
    first = ("Ana", "Bram", "Chiara", "Duarte", "Elif", "Fatou", "Goran", "Hanna", "Iker", "Jonas")
    last = ("Silva", "Jansen", "Rossi", "Moreau", "Novak", "Okafor", "Petrov", "Schmidt", "Torres", "Weber")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "first name", "last name", "date of birth", "nationality", "phone"))
        for number in range(rows):
            born = f"{random.randint(1950, 2005)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
            name = f"{random.choice(last)}-{random.choice(last)}{'' if number % 3 else 'son'}"
            phone = f"+316{10_000_000 + number}"
            table.writerow((f"P{number}", random.choice(first), name, born, random.choice(("NL", "PT", "FR")), phone))


def import_table(node: Node, path: Path) -> ImportReport:
    """Take in a table under the mapping that is guessed for it."""
    source = look_at(path)
    handling = Handling(owner=staging.VIEWER, communities=("all",), subject_category="suspect_or_convicted")
    order = Order(handling=handling, source_list=path.stem, mapping=preview(node, source).mapping)
    return import_file(node, staging.actor(node), source, order)
