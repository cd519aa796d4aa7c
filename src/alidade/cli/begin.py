"""Begin, and administer officers; what waits for the consent of others is in proposals. Shows no content."""

from __future__ import annotations

import click

from alidade.cli.proposals import add_consent_to
from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services import authorities as use
from alidade.services import officers as people


@click.command()
@click.option("--authority", "code", required=True, help="Short code, such as nl-politie.")
@click.option("--name", required=True, help="Name of the authority.")
@click.option("--function", required=True, help="See: alidade words authority_functions.")
@click.option("--state", required=True, help="ISO 3166 alpha-2, or the code of a body.")
@click.option("--contact", required=True, help="Whom others ask after a hit.")
@click.option("--officer", "officers", multiple=True, metavar="NAME:ROLE", help="Further officers; may be repeated.")
@click.pass_context
def init(
    context: click.Context, code: str, name: str, function: str, state: str, contact: str, officers: tuple[str, ...]
) -> None:
    """Begin for real: the first authority, its administrator (CODE/admin) and its officers.

    \b
    alidade init --authority nl-politie --name "Politie" --function police --state NL \\
        --contact desk@politie.example --officer j.devries:analyst
    """
    with node_of(context, may_be_new=True) as node:
        authority = Authority(party=use.party(node, code, function, state), name=name, contact=contact)
        administrator = use.first_administrator(authority)
        parsed = [_officer(authority.id, text) for text in officers]
        use.found_node(node, authority, administrator, parsed)
    if as_json(context):
        emit({"authority": code, "officers": [administrator.id, *(officer.id for officer in parsed)]})
        return
    say(f"Begun in the name of {name}. Its signing key was made and lies in this node's key store.")
    say(f"Officers: {', '.join([administrator.id, *(officer.id for officer in parsed)])}.")
    say("Next: alidade import FILE --as AUTHORITY/NAME, then alidade check TEXT --as AUTHORITY/NAME.")


def _officer(authority: AuthorityId, text: str) -> Officer:
    name, colon, role = text.partition(":")
    if not colon:
        raise Invalid("An officer is written NAME:ROLE.", remedy="For example: j.devries:analyst.")
    return Officer(id=OfficerId(f"{authority}/{name}"), authority=authority, role=role)


@click.group()
def authority() -> None:
    """Authorities, officers, communities and agreements."""


@authority.command("list")
@click.pass_context
def list_(context: click.Context) -> None:
    """Everybody in the directory, with contact and officers."""
    with node_of(context) as node:
        found = use.list_directory(node)
    if as_json(context):
        emit(found)
        return
    table(
        "Authorities",
        ("code", "name", "function", "State", "communities", "contact"),
        [
            (a.id, a.name, a.party.function, a.party.state, " ".join(a.communities), a.contact)
            for a in found.authorities
        ],
    )
    table(
        "Officers",
        ("officer", "unit", "role", "clearance", "cases", "active"),
        [
            (o.id, o.unit, o.role, o.clearance, " ".join(o.cases), "yes" if o.active else f"ended {o.left_on}")
            for o in found.officers
        ],
    )


@authority.command("officer")
@click.argument("who", metavar="AUTHORITY/NAME")
@click.option("--role", help="Enter a new officer with this role.")
@click.option("--change-role", help="Give an officer another role.")
@click.option("--clearance", help="Highest classification the officer may see; BPL for a new one.")
@click.option("--unit", help="Unit of the authority in which the officer works.")
@click.option("--case", "cases", multiple=True, help="A case open to the officer; may be repeated.")
@click.option("--no-cases", is_flag=True, help="Close all cases to the officer.")
@click.option("--end", is_flag=True, help="End the officer's access, now.")
@click.option("--again", is_flag=True, help="Let an officer whose access ended work again.")
@acting
@click.pass_context
def officer_(
    context: click.Context,
    who: str,
    role: str | None,
    change_role: str | None,
    clearance: str | None,
    unit: str | None,
    cases: tuple[str, ...],
    no_cases: bool,
    end: bool,
    again: bool,
    officer: str,
    purpose: str,
) -> None:
    """Enter an officer of your authority, change rights, or end an access. Nobody changes his own rights."""
    left: people.Leaving | None = None
    with node_of(context) as node:
        actor, person = actor_of(node, officer, purpose), OfficerId(who)
        if role is not None:
            entered = Officer(
                id=person,
                authority=AuthorityId(who.partition("/")[0]),
                role=role,
                clearance=clearance or "BPL",
                cases=tuple(sorted(cases)),
                unit=unit or "",
            )
            people.add_officer(node, actor, entered)
        elif end:
            left = people.end_access(node, actor, person)
        elif again:
            people.take_up_again(node, actor, person)
        else:
            open_now = cases if cases or no_cases else None
            people.change_officer(node, actor, person, unit=unit, role=change_role, clearance=clearance, cases=open_now)
    if as_json(context):
        emit({"officer": who} if left is None else {"officer": who, "ended": left.ends, "to_hand_over": left.hand_over})
        return
    say(f"Done; in force with the next request of {who}.")
    if left is not None:
        rows = [(thing.kind, thing.reference, "ended") for thing in left.ends]
        rows += [(thing.kind, thing.reference, "to hand over") for thing in left.hand_over]
        table("What the officer left", ("kind", "reference", "what becomes of it"), rows)


add_consent_to(authority)
