"""Names: the authorities of the directory as the pages of the exchange call them."""

from __future__ import annotations

from alidade.services.directory_entries import directory_entries
from alidade.web.place import Desk


def authority_names(desk: Desk) -> dict[str, str]:
    """Each authority of the directory by its name, sorted by it."""
    entries = directory_entries(desk.node, desk.administrator)
    return {str(each.id): each.name for each in sorted(entries, key=lambda each: each.name)}


def other_authorities(desk: Desk) -> list[tuple[str, str]]:
    """The authorities to which one can write, as choices."""
    return [(code, name) for code, name in authority_names(desk).items() if code != desk.authority.id]
