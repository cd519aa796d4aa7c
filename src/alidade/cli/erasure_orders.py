"""Orders to erase that come from other nodes: what must be kept by law here, and the answers that a person gives."""

from __future__ import annotations

from datetime import date

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId


@click.group()
def orders() -> None:
    """Orders to erase from other nodes: what is held, what waits for an answer."""


@orders.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The orders that wait for an answer, because what they name is held."""
    from alidade.services.exchange import holding

    with node_of(context) as node:
        found = holding.orders_to_answer(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(found)
        return
    table(
        "Orders to erase",
        ("from", "order", "records", "held because", "answer due"),
        [
            (
                each.peer,
                each.order,
                ", ".join(each.records),
                ", ".join(sorted({because for _, because in each.because})),
                (f"{each.due_at:%Y-%m-%d %H:%M}" if each.due_at else "") + (" (overdue)" if each.overdue else ""),
            )
            for each in found
        ],
    )


@orders.command()
@click.argument("peer")
@click.argument("order")
@click.option("--because", required=True, help="See: alidade words keeping_reasons.")
@acting
@click.pass_context
def keep(context: click.Context, peer: str, order: str, because: str, officer: str, purpose: str) -> None:
    """Answer an ORDER of PEER: it is kept, and why."""
    from alidade.services.exchange import holding

    with node_of(context) as node:
        holding.keep_because(node, actor_of(node, officer, purpose), AuthorityId(peer), order, because)
    _told(context, "kept")


@orders.command()
@click.argument("peer")
@click.argument("order")
@acting
@click.pass_context
def erase(context: click.Context, peer: str, order: str, officer: str, purpose: str) -> None:
    """Erase what an ORDER of PEER names after all, and answer that it is done."""
    from alidade.services.exchange import holding

    with node_of(context) as node:
        holding.erase_after_all(node, actor_of(node, officer, purpose), AuthorityId(peer), order)
    _told(context, "done")


@orders.command()
@click.argument("record")
@click.option("--because", help="See: alidade words keeping_reasons.")
@click.option("--until", metavar="YYYY-MM-DD", help="The day on which it ends; at most five years away.")
@click.option("--end", is_flag=True, help="Hold it no longer.")
@acting
@click.pass_context
def hold(
    context: click.Context,
    record: str,
    because: str | None,
    until: str | None,
    end: bool,
    officer: str,
    purpose: str,
) -> None:
    """Hold a RECORD of an authority elsewhere: an order to erase it waits for a person's answer."""
    from alidade.services.exchange import holding

    if end is not (because is None and until is None) or (because is None) is not (until is None):
        raise Invalid("To hold a record takes --because and --until; to hold it no longer, --end.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if because is None or until is None:
            holding.end_hold(node, actor, record)
        else:
            holding.hold_record(node, actor, record, because, _day(until))
    _told(context, "ended" if end else "held")


@orders.command()
@acting
@click.pass_context
def held(context: click.Context, officer: str, purpose: str) -> None:
    """The records that our authority holds, what ends first first."""
    from alidade.services.exchange import holding

    with node_of(context) as node:
        found = holding.held_records(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit([{"record": each.record, "because": each.because, "until": each.until.isoformat()} for each in found])
        return
    table("Held", ("record", "because", "until"), [(each.record, each.because, str(each.until)) for each in found])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("A day is written YYYY-MM-DD.", remedy="For example: 2027-06-30.", code="day") from error


def _told(context: click.Context, answer: str) -> None:
    if as_json(context):
        emit({"answer": answer})
    else:
        say(f"{answer}.")
