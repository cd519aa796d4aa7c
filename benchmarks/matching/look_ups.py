"""Look-ups by others, on the same registers and questions: what they answer is scored as our own answers are.

Every one of them is given the folded text. Those that fetch candidates fetch a hundred, which token_sort_ratio orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from benchmarks.matching.aliases import make_aliases, primary_names
from benchmarks.matching.groups import plain
from benchmarks.matching.measure_index import Measured, score_aliases
from benchmarks.matching.peer_runs import Skipped, run_peer
from benchmarks.matching.questions import absent_names, questions
from benchmarks.matching.register import SETS, SIZES, files, names
from benchmarks.matching.scoring import score


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another way of looking up: its script, and of how many questions its figures are at each size (0: not run)."""

    title: str
    environment: str
    script: str
    asked: dict[str, int]


PEERS = (
    Peer(
        title="tantivy trigram + token_sort",
        environment="tantivy",
        script="look_up_tantivy",
        asked={"100k": 1_000, "1M": 1_000, "10M": 500},
    ),
    Peer(
        title="rapidfuzz token_sort, every row",
        environment="rapidfuzz",
        script="look_up_rapidfuzz",
        asked={"100k": 1_000, "1M": 500, "10M": 0},
    ),
    Peer(
        title="pg_trgm GIN + token_sort",
        environment="postgres",
        script="look_up_postgres",
        asked={"100k": 1_000, "1M": 250, "10M": 0},
    ),
)


def measure_peer(peer: Peer, name: str, size: str) -> Measured:
    """One peer on one register."""
    count = peer.asked[size]
    if not count:
        raise Skipped("takes too long at this size")
    asked, absent = questions(name), absent_names(name, SIZES[size])
    asked, absent = asked[:: len(asked) // count], absent[:: max(1, 1_000 // count)]
    told = _told(peer, name, size, [plain(query.text) for query in asked], [plain(text) for text in absent])
    rows = names(name, SIZES[size])
    made = Measured(set=name, size=SIZES[size], times=told["times"])
    made.score = score(asked, told["answers"], told["absent"], lambda row: str(rows[row]))
    return made


def measure_peer_aliases(peer: Peer, name: str, size: str) -> dict[str, tuple[float, float, int]]:
    """How many real aliases a peer finds."""
    before, asked = primary_names(), make_aliases(name)
    folded = [plain(each) for each in before]
    told = _told(peer, name, size, [plain(each.text) for each in asked], [], before=folded)
    rows = [*before, *names(name, SIZES[size]).to_list()]
    return score_aliases(asked, told["answers"], lambda row: rows[row])[0]


def _told(
    peer: Peer, name: str, size: str, queries: list[str], absent: list[str], before: list[str] | None = None
) -> dict[str, Any]:
    paths = [str(path) for path in files(name, SIZES[size])]
    asked = {"files": paths, "before": before or [], "queries": queries, "absent": absent}
    told = run_peer(peer.environment, peer.script, asked)
    if peer.environment != "postgres":  # the server's memory is not that of the process that asks
        told["times"]["process peak MB"] = told["peak MB"]
    return told


@click.command()
@click.argument("title")
@click.option("--size", type=click.Choice(list(SIZES)), default="100k", show_default=True)
@click.option("--set", "name", type=click.Choice(list(SETS)), default="tuning", show_default=True)
@click.option("--aliases", is_flag=True, help="Real aliases instead of the fifteen classes.")
def main(title: str, size: str, name: str, aliases: bool) -> None:
    """Measure the peer whose title begins with TITLE."""
    peer = next(each for each in PEERS if each.title.startswith(title))
    if aliases:
        click.echo(str(measure_peer_aliases(peer, name, size)))
        return
    click.echo(str(measure_peer(peer, name, size)))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.look_ups")
