"""Standing checks, feedback, and what waits for an officer."""

from __future__ import annotations

import click

from alidade.cli.session import acting, actor_of, as_json, ask_if_missing, emit, grounds, language, node_of, say, table
from alidade.cli.statements import statement_for_programs
from alidade.cli.uses import use
from alidade.matching.thresholds import Use
from alidade.services.day import my_day
from alidade.services.feedback import feedback as read_feedback
from alidade.services.feedback import feedback_on
from alidade.services.finding import Question
from alidade.services.standing import (
    News,
    end_standing_check,
    keep_standing_check,
    look_at_standing,
    run_due,
    standing_checks,
)

KINDS = {"standing": "standing check", "earlier": "earlier check, no hit"}


@click.group()
def standing() -> None:
    """Questions that are asked again until a day; you are told once of each record newly met."""


@standing.command()
@click.argument("text")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which it is asked.")
@click.option("--kind", help='"name" or a kind of identifier; found out where it is not said.')
@click.option("--born", help="Birth date: 1964-07-31, 1964-07 or 1964.")
@click.option("--nationality", help="ISO 3166 alpha-2.")
@click.option("--country", help="State in which a national number was noted.")
@use
@grounds
@click.pass_context
def keep(
    context: click.Context,
    text: str,
    until: str,
    kind: str | None,
    born: str | None,
    nationality: str | None,
    country: str | None,
    use: Use,
    ground: str | None,
    case: str | None,
    why: str | None,
    officer: str,
    purpose: str,
) -> None:
    """Ask a question now and keep it until a day."""
    ground = ask_if_missing(ground, "Legal ground (code)")
    case = ask_if_missing(case, "Case or control")
    why = ask_if_missing(why, "Justification")
    question = Question(text=text, kind=kind, birth_date=born, nationality=nationality, country=country, use=use)
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose, ground=ground, case=case, why=why)
        begun = keep_standing_check(node, actor, question, until, language=language(context))
    found = len(begun.answer.hits) + len(begun.answer.without_content)
    if as_json(context):
        emit({"standing": begun.standing.reference, "until": until, "answer": begun.answer.kind, "hits": found})
    else:
        say(f"Kept until {until} as {begun.standing.reference}. It meets {found} records now: alidade verdict.")


@standing.command(name="list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """Your standing checks and earlier checks without a hit, and those of officers for whom you stand in."""
    with node_of(context) as node:
        found = standing_checks(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(found)
    elif not found:
        say("You keep no standing check.")
    else:
        table(
            "Standing checks",
            ("reference", "question", "kind", "state", "new", "until", "officer"),
            [
                (one.reference, one.question.text if one.question else "gone", KINDS[one.kind], one.state, one.unseen,
                 one.until, one.officer)
                for one in found
            ],
        )  # fmt: skip


@standing.command()
@click.option("--all", "everything", is_flag=True, help="Also what was told before.")
@acting
@click.pass_context
def look(context: click.Context, everything: bool, officer: str, purpose: str) -> None:
    """Ask again now, and show what was newly met."""
    with node_of(context) as node:
        found = look_at_standing(node, actor_of(node, officer, purpose), unseen_only=not everything)
    if as_json(context):
        emit({"asked": found.asked, "earlier": found.earlier, "told": [_for_programs(news) for news in found.told]})
        return
    say(f"{found.asked} asked again, and {found.earlier} earlier checks without a hit.")
    if not found.told:
        say("Nothing new that you may learn of.")
        return
    table(
        "Newly met",
        ("hit", "record", "owner", "ask", "new"),
        [
            (news.hit, news.record or "(without content)", news.owner_name, news.contact, "new" if news.new else "")
            for news in found.told
        ],
    )


def _for_programs(news: News) -> dict[str, object]:
    return {
        "standing": news.standing,
        "hit": news.hit,
        "check": news.check,
        "told_at": news.told_at,
        "content": news.content,
        "record": news.record,
        "owner": news.owner,
        "contact": news.contact,
        "verdict": news.verdict,
        "new": news.new,
        "statements": [statement_for_programs(statement) for statement in news.statements],
    }


@standing.command()
@click.argument("reference")
@acting
@click.pass_context
def end(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """End a standing check of yours."""
    with node_of(context) as node:
        end_standing_check(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"standing": reference, "state": "ended"})
    else:
        say("Ended: it is not asked again. What it told stays.")


@standing.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Ask every standing check that is due, each with its officer's rights of this moment; for a timer.

    Earlier checks without a hit are asked with them, where the answer could be another one now.
    """
    with node_of(context) as node:
        done = run_due(node)
    if as_json(context):
        emit(done)
    else:
        say(f"{done.asked} asked, {done.not_asked} not asked (their officers may not), {done.met} newly met.")
        earlier = done.earlier
        say(
            f"Earlier checks without a hit: {earlier.asked} asked, {earlier.not_asked} not asked,"
            f" {earlier.met} newly met, {earlier.forgotten} forgotten."
        )


@click.command()
@click.argument("contribution", required=False)
@acting
@click.pass_context
def feedback(context: click.Context, contribution: str | None, officer: str, purpose: str) -> None:
    """What became of what we gave: met or not, how others ruled, released, taken out."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if contribution is not None:
            detail = feedback_on(node, actor, contribution)
        else:
            found = read_feedback(node, actor)
    if contribution is not None:
        if as_json(context):
            emit(detail)
        elif not detail.met:
            say("Not matched yet.")
        else:
            table(
                "Who met it",
                ("when", "asker", "purpose", "our record", "silent", "ruled", "reason"),
                [
                    (m.asked_at.strftime("%d %b %Y %H:%M UTC"), m.asker, m.purpose, m.record,
                     "yes" if m.silent else "no", m.ruling or "not yet", m.reason or "")
                    for m in detail.met
                ],
            )  # fmt: skip
    elif as_json(context):
        emit(found)
    elif not found:
        say("Your authority has given nothing that you may see.")
    else:
        table(
            "What became of what we gave",
            ("contribution", "title", "records", "met", "same", "not the same", "unsure", "released", "taken out"),
            [
                (f.contribution, f.title, f.records, f.matched or "not matched yet", f.same, f.not_the_same, f.unsure,
                 f.released, f.taken_out)
                for f in found
            ],
        )  # fmt: skip


@click.command()
@acting
@click.pass_context
def day(context: click.Context, officer: str, purpose: str) -> None:
    """What waits for you: counts and references."""
    with node_of(context) as node:
        found = my_day(node, actor_of(node, officer, purpose))
    piles = {
        "hits to judge": None if found.hits is None else len(found.hits),
        "new notices": found.notices,
        "new from standing checks": found.standing_news,
        "new from standing questions": found.question_news,
        "new in the feedback": found.feedback,
        "records due for review": found.reviews,
        "records waiting for a category": found.quarantined,
        "drafts": found.drafts,
        "jobs running": found.jobs,
        "proposals waiting": found.proposals,
    }
    if as_json(context):
        shown = {name.replace(" ", "_"): count for name, count in piles.items() if count is not None}
        emit({**shown, "hits": [hit.reference for hit in found.hits or ()], "stands_in_for": found.stands_in_for})
    else:
        table("My day", ("what", "how many"), [(name, n) for name, n in piles.items() if n is not None])
