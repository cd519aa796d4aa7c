"""The index of names on the registers of this benchmark: python -m benchmarks.matching.measure_index --help."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, cast

import click
import polars

from benchmarks.matching.aliases import Alias, make_aliases, primary_names
from benchmarks.matching.memory import peak, resident
from benchmarks.matching.queries import CLASSES, Query
from benchmarks.matching.questions import absent_names, questions
from benchmarks.matching.register import SETS, SIZES, names, register
from benchmarks.matching.scoring import Answer, Score, found, place_of_hit, score
from benchmarks.places import passing

_SECONDS = 3.0
_PART_OF_MANY = 2_000


class Hit(Protocol):
    """What the index answers."""

    row: int
    score: float


class Index(Protocol):
    """What is asked of the index (or of what stands in for it)."""

    def search(self, query: str, limit: int = 10) -> Sequence[Hit]: ...

    def search_many(self, queries: Sequence[str], limit: int = 10, threads: int = 2) -> Sequence[Sequence[Hit]]: ...

    def save(self, path: Path) -> None: ...


@dataclass(slots=True, kw_only=True)
class Measured:
    """All figures of one index: seconds, milliseconds, megabytes, shares."""

    set: str
    size: int
    times: dict[str, float] = field(default_factory=dict)
    score: Score | None = None
    aliases: dict[str, tuple[float, float, int]] = field(default_factory=dict)


def build(rows: polars.Series, kinds: polars.Series | None = None) -> Index:
    """The index over names."""
    from alidade.matching import NameIndex

    made: Index = NameIndex.build(cast(Sequence[str], rows), cast("Sequence[str] | None", kinds))
    return made


def measure(name: str, size: int, *, with_kinds: bool = False, keep: bool = True) -> tuple[Measured, Index]:
    """Build, ask, save and reopen the index of one register, in this process."""
    made = Measured(set=name, size=size)
    queries, absent = questions(name), absent_names(name, size)
    rows, kinds = names(name, size), None
    if with_kinds:
        kinds = register(name, size)["kind"].cast(polars.String)
    build(rows[:1_000])  # compiled parts are ready, as they are in a running service
    gc.collect()
    made.times["memory before MB"] = resident()
    start = time.perf_counter()
    index = build(rows, kinds)
    made.times["build s"] = time.perf_counter() - start
    made.times["process peak MB"] = peak()
    made.times["memory of index MB"] = resident() - made.times["memory before MB"]
    asked = [query.text for query in queries]
    answers = time_single(index, asked, made.times)
    none = [_answer(index.search(text, limit=10)) for text in absent]
    time_many(index, [*asked, *absent], made.times)
    made.score = score(queries, answers, none, lambda row: str(rows[row]))
    if keep:
        time_kept(index, made.times)
    return made, index


def time_single(index: Index, asked: Sequence[str], times: dict[str, float]) -> list[Answer]:
    """Answers to single questions, and how long half, 95 and 99 of 100 took."""
    for text in asked[:100]:
        index.search(text, limit=10)
    answers, spent = [], []
    for text in asked:
        start = time.perf_counter()
        hits = index.search(text, limit=10)
        spent.append(time.perf_counter() - start)
        answers.append(_answer(hits))
    spent.sort()
    for share, column in ((0.5, "p50 ms"), (0.95, "p95 ms"), (0.99, "p99 ms")):
        times[column] = 1_000 * spent[min(len(spent) - 1, int(len(spent) * share))]
    return answers


def time_many(index: Index, asked: list[str], times: dict[str, float]) -> None:
    """Questions each second on one and on two threads."""
    asked = (asked * (_PART_OF_MANY // len(asked) + 1))[:_PART_OF_MANY]
    for threads in (1, 2):
        index.search_many(asked[:50], limit=10, threads=threads)
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < _SECONDS:
            index.search_many(asked, limit=10, threads=threads)
            count += len(asked)
        times[f"q/s {threads}"] = count / (time.perf_counter() - start)


def time_kept(index: Index, times: dict[str, float]) -> None:
    """Saving, and reopening in a fresh process until the first answer."""
    with passing() as folder:
        path = folder / "index"
        start = time.perf_counter()
        index.save(path)
        times["save s"] = time.perf_counter() - start
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        times["on disk MB"] = sum(each.stat().st_size for each in files) / 1e6
        asked = subprocess.run(
            [sys.executable, "-c", _REOPEN, str(path)], capture_output=True, text=True, check=True
        ).stdout
        times.update(json.loads(asked))


_REOPEN = """
import json, sys, time
from alidade.matching import NameIndex
from benchmarks.matching.memory import peak
start = time.perf_counter()
index = NameIndex.open(sys.argv[1])
opened = time.perf_counter()
index.search("Ivan Petrov", limit=10)
first = time.perf_counter()
print(json.dumps({"reopen s": opened - start, "first answer s": first - opened,
                  "reopened peak MB": peak()}))
"""


def measure_aliases(name: str, size: int) -> tuple[dict[str, tuple[float, float, int]], list[Alias], list[int | None]]:
    """How many real aliases are found in the list's primary names before the rows of a register."""
    rows = polars.concat([polars.Series("name", primary_names()), names(name, size)])
    index, asked = build(rows), make_aliases(name)
    answers = [_answer(hits) for hits in index.search_many([each.text for each in asked], limit=10, threads=2)]
    return score_aliases(asked, answers, lambda row: str(rows[row]))


def score_aliases(
    asked: list[Alias], answers: Sequence[Answer], name_of: Callable[[int], str]
) -> tuple[dict[str, tuple[float, float, int]], list[Alias], list[int | None]]:
    """Shares found first and among ten, of all aliases and by what the entity is; and the place of each."""
    places = [
        place_of_hit(answer, each.truth, name_of(each.truth), name_of)
        for each, answer in zip(asked, answers, strict=True)
    ]
    shares = {"all": (*found(places), len(asked))}
    for sort in ("individual", "entity", "vessel"):
        of_sort = [place for place, each in zip(places, asked, strict=True) if each.sort == sort]
        shares[sort] = (*found(of_sort), len(of_sort))
    return shares, asked, places


def _answer(hits: Sequence[Hit]) -> Answer:
    return [(hit.row, hit.score) for hit in hits]


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="100k", show_default=True)
@click.option("--set", "name", type=click.Choice(list(SETS)), default="tuning", show_default=True)
@click.option("--per-class", is_flag=True, help="The shares of each class.")
@click.option("--errors", default=0, help="Print so many misses and false hits.")
@click.option("--only", "sort", type=click.Choice(CLASSES), help="Print misses of one class only.")
@click.option("--aliases", is_flag=True, help="Real aliases instead of the fifteen classes.")
@click.option("--kinds", "with_kinds", is_flag=True, help="Give the kind of each row while building.")
@click.option("--no-keep", is_flag=True, help="Do not save and reopen.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures into a file.")
def main(
    size: str,
    name: str,
    per_class: bool,
    errors: int,
    sort: str | None,
    aliases: bool,
    with_kinds: bool,
    no_keep: bool,
    as_json: Path | None,
) -> None:
    """Measure the index of names on one register of one set."""
    if aliases:
        _show_aliases(name, SIZES[size], errors, as_json)
        return
    made, index = measure(name, SIZES[size], with_kinds=with_kinds, keep=not no_keep)
    result = made.score
    assert result is not None
    click.echo(f"{size} {name}: R@1 {result.at_1:.3f}  R@10 {result.at_10:.3f}")
    click.echo(f"false of {result.absent} absent: " + _false(result))
    click.echo("  ".join(f"{key} {value:,.2f}" for key, value in made.times.items()))
    if per_class:
        for each, (first, ten, count) in result.by_class.items():
            click.echo(f"  {each:14} {first:.3f} / {ten:.3f}  of {count}")
    if errors:
        _show_errors(name, SIZES[size], index, errors, sort, result)
    if as_json:
        as_json.write_text(json.dumps(asdict(made)), encoding="utf-8")


def _false(result: Score) -> str:
    shown = []
    for recall, count in result.false.items():
        threshold = result.thresholds[recall]
        told = "never reached" if count is None else f"{count} (threshold {threshold:.4f})"
        shown.append(f"at recall {recall:.2f}: {told}")
    return ", ".join(shown)


def _show_errors(name: str, size: int, index: Index, errors: int, sort: str | None, result: Score) -> None:
    rows = names(name, size)
    queries: list[Query] = [query for query in questions(name) if sort in (None, query.sort)]
    shown = 0
    for query in queries:
        answer = _answer(index.search(query.text, limit=10))
        place = place_of_hit(answer, query.truth, query.name, lambda row: str(rows[row]))
        if place != 0 and shown < errors:
            shown += 1
            top = f"{answer[0][1]:.3f} {rows[answer[0][0]]}" if answer else "nothing"
            where = "absent" if place is None else f"place {place + 1}, {answer[place][1]:.3f}"
            click.echo(f"MISS {query.sort}: asked {query.text!r}, meant {query.name!r} ({where}); first: {top}")
    limit = result.thresholds.get(0.80) or 0.0
    false = [(text, _answer(index.search(text, limit=1))) for text in absent_names(name, size)]
    worst = sorted((each for each in false if each[1] and each[1][0][1] >= limit), key=lambda each: -each[1][0][1])
    for text, answer in worst[:errors]:
        click.echo(f"FALSE {answer[0][1]:.3f}: asked {text!r}, which is absent; first: {rows[answer[0][0]]}")


def _show_aliases(name: str, size: int, errors: int, as_json: Path | None) -> None:
    shares, asked, places = measure_aliases(name, size)
    primary = primary_names()
    for sort, (first, ten, count) in shares.items():
        click.echo(f"aliases, {sort}: R@1 {first:.3f}  R@10 {ten:.3f}  of {count}")
    missed = [each for each, place in zip(asked, places, strict=True) if place != 0]
    for each in missed[:errors]:
        click.echo(f"MISS {each.sort}: asked {each.text!r}, meant {primary[each.truth]!r}")
    if as_json:
        as_json.write_text(json.dumps({name: shares}), encoding="utf-8")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.measure_index")
