"""Options by which a handling is stated on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--code", "codes", multiple=True, type=click.Choice(["H0", "H1", "H2", "H3"]), help="Handling code."),
    click.option("--restriction", default="", help="Text of the restriction (H3)."),
    click.option("--condition", "conditions", multiple=True, help="See: alidade words conditions."),
    click.option("--hit", type=click.Choice(["visible", "silent"]), default="visible", show_default=True),
    click.option("--classification", default="BPL", show_default=True),
    click.option("--for-purpose", "purposes", multiple=True, help="Purposes it is given for [18.2.a]."),
    click.option("--release-to", "released_to", multiple=True, metavar="AUTHORITY", help="Who may read."),
    click.option("--exclude", "excluded", multiple=True, metavar="AUTHORITY", help="Who may learn nothing."),
    click.option("--community", "communities", multiple=True, help='Community that may read ("all": everybody).'),
    click.option("--for-case", "handling_case", help="Only for officers to whom this case is open."),
    click.option(
        "--content",
        type=click.Choice(["personal", "non_personal", "strategic"]),
        default="personal",
        show_default=True,
    ),
    click.option("--category", help="Data-subject category of every person (alidade words subject_categories)."),
    click.option("--crime-area", "crime_areas", multiple=True),
    click.option("--review-on", metavar="YYYY-MM-DD"),
    click.option("--expires-on", metavar="YYYY-MM-DD"),
)


def handling_options(command: F) -> F:
    """Add the options; the command gets them as keyword arguments."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def handling_from(owner: AuthorityId, options: dict[str, Any]) -> Handling:
    """The handling that the options state."""
    return Handling(
        owner=owner,
        codes=tuple(options["codes"]),
        restriction=options["restriction"],
        conditions=tuple(options["conditions"]),
        hit=options["hit"],
        classification=options["classification"],
        purposes=tuple(options["purposes"]) or ("18.2.a",),
        released_to=tuple(AuthorityId(each) for each in options["released_to"]),
        excluded=tuple(AuthorityId(each) for each in options["excluded"]),
        communities=tuple(options["communities"]),
        case=options["handling_case"],
        content=options["content"],
        subject_category=options["category"],
        crime_areas=tuple(options["crime_areas"]),
        review_on=options["review_on"],
        expires_on=options["expires_on"],
    )
