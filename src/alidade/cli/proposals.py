"""Propose, list, consent, refuse, withdraw: what widens who may read asks all whose content it opens."""

from __future__ import annotations

from datetime import date

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.model.directory import Authority
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.services import authorities as use
from alidade.services import belonging
from alidade.services import consent as consenting
from alidade.services.concerned import Proposed
from alidade.vocabulary import Agreement, Label


def add_consent_to(group: click.Group) -> None:
    """Put the commands of this module into the group `authority`."""
    for command in (
        add, join, leave, agreement, end_agreement, proposals, consent, refuse, withdraw
    ):  # fmt: skip
        group.add_command(command)


@click.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--function", required=True)
@click.option("--state", required=True)
@click.option("--contact", required=True)
@acting
@click.pass_context
def add(
    context: click.Context, code: str, name: str, function: str, state: str, contact: str, officer: str, purpose: str
) -> None:
    """Propose an authority that this node shall host; every authority already there must consent.

    It begins with a signing key and an administrator of its own (CODE/admin).
    """
    with node_of(context) as node:
        entered = Authority(party=use.party(node, code, function, state), name=name, contact=contact)
        proposed = consenting.propose_authority(node, actor_of(node, officer, purpose), entered)
    _tell(context, proposed)


@click.command("join")
@click.argument("community")
@click.option("--authority", "code", help="The authority that would join; your own unless named.")
@acting
@click.pass_context
def join(context: click.Context, community: str, code: str | None, officer: str, purpose: str) -> None:
    """Propose that an authority join a community; its members and the authority itself must consent."""
    with node_of(context) as node:
        joining = AuthorityId(code) if code else None
        proposed = consenting.propose_membership(node, actor_of(node, officer, purpose), community, joining)
    _tell(context, proposed)


@click.command("leave")
@click.argument("community")
@acting
@click.pass_context
def leave(context: click.Context, community: str, officer: str, purpose: str) -> None:
    """Take your authority out of a community; nobody is asked."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        belonging.leave_community(node, actor, community)
    if as_json(context):
        emit({"authority": actor.viewer.authority, "left": community})
    else:
        say(f"Done; in force with the next request of {actor.viewer.authority}.")


@click.command("agreement")
@click.argument("code")
@click.option("--between", nargs=2, required=True, metavar="PARTY PARTY", help="States, areas or bodies.")
@click.option("--instrument", required=True)
@click.option("--flow", type=click.Choice(["personal", "non_personal", "strategic"]), required=True)
@click.option("--since", required=True, metavar="YYYY-MM-DD")
@click.option("--until", metavar="YYYY-MM-DD")
@click.option("--onward", is_flag=True, help="Onward transfer is agreed.")
@click.option("--crime-area", "crime_areas", multiple=True)
@click.option("--source", required=True, help="Where it stands written.")
@acting
@click.pass_context
def agreement(
    context: click.Context,
    code: str,
    between: tuple[str, str],
    instrument: str,
    flow: str,
    since: str,
    until: str | None,
    onward: bool,
    crime_areas: tuple[str, ...],
    source: str,
    officer: str,
    purpose: str,
) -> None:
    """Propose an agreement between States that the vocabulary does not have; its parties on this node must consent."""
    try:
        begins, ends = date.fromisoformat(since), date.fromisoformat(until) if until else None
    except ValueError as error:
        raise Invalid("A day is written YYYY-MM-DD.") from error
    with node_of(context) as node:
        entered = Agreement(
            code=code,
            label=Label(en=instrument, fr=instrument, es=instrument, pt=instrument),
            source=source,
            valid_from=begins,
            valid_until=ends,
            verified=False,
            party_a=between[0],
            party_b=between[1],
            instrument=instrument,
            flow=flow,  # type: ignore[arg-type]  # one of the choices
            status="in_force",
            onward_transfer=onward,
            crime_areas=crime_areas,
        )
        proposed = consenting.propose_agreement(node, actor_of(node, officer, purpose), entered)
    _tell(context, proposed)


@click.command("end-agreement")
@click.argument("code")
@acting
@click.pass_context
def end_agreement(context: click.Context, code: str, officer: str, purpose: str) -> None:
    """End an agreement that was entered here and to which your authority is a party; nobody is asked."""
    with node_of(context) as node:
        belonging.end_agreement(node, actor_of(node, officer, purpose), code)
    if as_json(context):
        emit({"agreement": code, "status": "ended"})
    else:
        say(f"{code} no longer counts from the next request on.")


@click.command("proposals")
@acting
@click.pass_context
def proposals(context: click.Context, officer: str, purpose: str) -> None:
    """What is proposed and concerns your authority, and what became of it."""
    with node_of(context) as node:
        found = consenting.proposals_of(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(found)
        return
    table(
        "Proposals",
        ("reference", "what", "by", "state", "waits for"),
        [(each.reference, _what(each), each.by, each.state, _waits(each)) for each in found],
    )


@click.command("consent")
@click.argument("reference")
@acting
@click.pass_context
def consent(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """Consent to a proposal in the name of your authority; the last consent brings it into force."""
    with node_of(context) as node:
        said = consenting.consent(node, actor_of(node, officer, purpose), reference)
    _tell(context, said)


@click.command("refuse")
@click.argument("reference")
@click.option("--reason", required=True, help="Why, in your words; all concerned may read it.")
@acting
@click.pass_context
def refuse(context: click.Context, reference: str, reason: str, officer: str, purpose: str) -> None:
    """Refuse a proposal, which ends it."""
    with node_of(context) as node:
        said = consenting.refuse(node, actor_of(node, officer, purpose), reference, reason)
    _tell(context, said)


@click.command("withdraw")
@click.argument("reference")
@acting
@click.pass_context
def withdraw(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """Take back a proposal of your authority."""
    with node_of(context) as node:
        said = consenting.withdraw_proposal(node, actor_of(node, officer, purpose), reference)
    _tell(context, said)


def _tell(context: click.Context, proposed: Proposed) -> None:
    if as_json(context):
        emit(proposed)
    elif proposed.state == "in_force":
        say(f"In force with the next request: {_what(proposed)}.")
    elif proposed.state == "open":
        say(f"Proposed: {_what(proposed)}. It waits for {_waits(proposed)}.")
        say(f"They consent with: alidade authority consent {proposed.reference} --as AUTHORITY/NAME.")
    else:
        say(f"The proposal is {proposed.state}: {_what(proposed)}.")


def _what(proposed: Proposed) -> str:
    if proposed.agreement is not None:
        return f"agreement {proposed.agreement.code}"
    if proposed.kind == "membership":
        return f"{proposed.authority} in {proposed.community}"
    return f"authority {proposed.authority}, its administrator {proposed.authority}/admin"


def _waits(proposed: Proposed) -> str:
    if proposed.state != "open":
        return ""
    if proposed.waits_for is None:
        return "the members of the community"
    return " ".join(proposed.waits_for)
