"""Begin and administer: authorities, officers, communities, agreements. Shows no content."""

from __future__ import annotations

from datetime import date

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services import authorities as use
from alidade.vocabulary import Agreement, Label


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
        administrator = Officer(id=OfficerId(f"{code}/admin"), authority=authority.id, role="administrator")
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
        ("officer", "role", "clearance", "cases", "active"),
        [(o.id, o.role, o.clearance, " ".join(o.cases), "yes" if o.active else "ended") for o in found.officers],
    )


@authority.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--function", required=True)
@click.option("--state", required=True)
@click.option("--contact", required=True)
@click.option("--community", "communities", multiple=True, help="A community it belongs to; may be repeated.")
@acting
@click.pass_context
def add(
    context: click.Context,
    code: str,
    name: str,
    function: str,
    state: str,
    contact: str,
    communities: tuple[str, ...],
    officer: str,
    purpose: str,
) -> None:
    """Enter an authority that this node hosts, and its administrator (CODE/admin)."""
    with node_of(context) as node:
        party = use.party(node, code, function, state)
        entered = Authority(party=party, name=name, contact=contact, communities=tuple(sorted({"all", *communities})))
        use.add_authority(node, actor_of(node, officer, purpose), entered)
    if as_json(context):
        emit({"authority": code, "officers": [f"{code}/admin"]})
    else:
        say(f"{code} is in the directory; its administrator is {code}/admin.")


@authority.command("officer")
@click.argument("who", metavar="AUTHORITY/NAME")
@click.option("--role", help="Enter a new officer with this role.")
@click.option("--clearance", default="BPL", show_default=True)
@click.option("--case", "cases", multiple=True, help="A case open to the officer; may be repeated.")
@click.option("--end", is_flag=True, help="End the officer's access, now.")
@acting
@click.pass_context
def officer_(
    context: click.Context,
    who: str,
    role: str | None,
    clearance: str,
    cases: tuple[str, ...],
    end: bool,
    officer: str,
    purpose: str,
) -> None:
    """Enter an officer of your authority, change the cases open to one, or end an access."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if role is not None:
            entered = Officer(
                id=OfficerId(who),
                authority=AuthorityId(who.partition("/")[0]),
                role=role,
                clearance=clearance,
                cases=tuple(sorted(cases)),
            )
            use.add_officer(node, actor, entered)
        else:
            use.change_officer(
                node,
                actor,
                OfficerId(who),
                cases=tuple(sorted(cases)) if cases else None,
                active=False if end else None,
            )
    if as_json(context):
        emit({"officer": who})
    else:
        say(f"Done; in force with the next request of {who}.")


@authority.command("communities")
@click.argument("code")
@click.argument("communities", nargs=-1)
@acting
@click.pass_context
def communities_(context: click.Context, code: str, communities: tuple[str, ...], officer: str, purpose: str) -> None:
    """Say to which communities an authority belongs (besides "all")."""
    with node_of(context) as node:
        use.change_communities(node, actor_of(node, officer, purpose), AuthorityId(code), communities)
    if as_json(context):
        emit({"authority": code, "communities": sorted({"all", *communities})})
    else:
        say(f"Done; in force with the next request of {code}.")


@authority.command("agreement")
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
    """Enter an agreement between States that the vocabulary does not have."""
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
        use.add_agreement(node, actor_of(node, officer, purpose), entered)
    if as_json(context):
        emit({"agreement": code})
    else:
        say(f"{code} counts from the next request on.")
