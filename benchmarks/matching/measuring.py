"""Measuring: all parts of the benchmark in turn, each row kept as soon as it is there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.figures import Options, Result
from benchmarks.matching import linking, look_ups, pairs
from benchmarks.matching.measure_index import Measured
from benchmarks.matching.page import PAGE, write_page
from benchmarks.matching.peer_runs import Skipped
from benchmarks.matching.questions import questions
from benchmarks.matching.register import SIZES, files
from benchmarks.matching.results import Results, read_results, write_results
from benchmarks.matching.scoring import Score
from benchmarks.matching.targets import OURS, TARGETS
from benchmarks.places import cache, passing, shared_data

SET = "blind"
_LARGEST_LINK = "1M"


def measure_all(options: Options) -> Result:
    """Look-ups of each size, aliases, pairs, linking; a quick run writes its page into the cache."""
    if shared_data() is None:
        return Result(figures=(), text="Skipped: the public lists were not found (ALIDADE_SHARED_DATA).")
    sizes = options.sizes or (("100k",) if options.quick else ("100k", "1M"))
    page = cache() / "matching" / "RESULTS.md" if options.quick else PAGE
    kept = page.with_name("results.json")
    page.parent.mkdir(parents=True, exist_ok=True)
    results = read_results(SET, kept)
    words = "".join(f" --size {size}" for size in options.sizes) + (" --peers" if options.peers else "")
    run = Run(results, f"script/bench matching{words}{' --quick' if options.quick else ''}", kept, page)
    for size in sizes:
        run.look_up(size, peers=options.peers)
    for size in sizes:
        if size != "10M":
            run.aliases(size, peers=options.peers)
    run.pairs(peers=options.peers)
    for size in sizes:
        if size != "10M":
            run.linking(size, peers=options.peers)
    figures = tuple(figure for target in TARGETS if (figure := target.figure(results)) is not None)
    return Result(figures=figures, text=f"Tables and plot: {page.parent.name}/{page.name}")


class Run:
    """One run: measures, keeps each row, and writes the page anew after each part."""

    def __init__(self, results: Results, command: str, kept: Path, page: Path) -> None:
        self.results, self.command, self.kept, self.page = results, command, kept, page

    def look_up(self, size: str, *, peers: bool) -> None:
        """Ours, then the peers, among so many names. The register is there before, so that no one's memory holds it."""
        files(SET, SIZES[size])
        questions(SET)
        self._keep("look-up", f"{OURS} {size}", lambda: _row(_fresh(["--size", size])))
        for peer in look_ups.PEERS if peers else ():

            def one(peer: look_ups.Peer = peer) -> dict[str, Any]:
                return _row(look_ups.measure_peer(peer, SET, size))

            self._keep("look-up", f"{peer.title} {size}", one)

    def aliases(self, size: str, *, peers: bool) -> None:
        """Real aliases: ours and the first of the peers."""

        def ours() -> dict[str, Any]:
            with passing() as folder:
                told = _child(["--size", size, "--aliases"], folder / "told.json")
            return _alias_row(told[SET])

        self._keep("aliases", f"{OURS} {size}", ours)
        if peers:
            peer = look_ups.PEERS[0]
            self._keep(
                "aliases", f"{peer.title} {size}", lambda: _alias_row(look_ups.measure_peer_aliases(peer, SET, size))
            )

    def pairs(self, *, peers: bool) -> None:
        """Pairs of names: ours, string distances, and nomenklatura."""
        load = report.load()
        judged, reasons = pairs.judge_all(peers=peers)
        for each in judged:
            self.results.keep("pairs", each.name, _pair_row(each), load, self.command)
        for reason in reasons:
            self.results.leave_out("pairs", *reason.split(" left out: ", 1))
        self._write()

    def linking(self, size: str, *, peers: bool) -> None:
        """Linking of two registers: ours and Splink."""
        self._keep("linking", f"alidade link {size}", lambda: _link_row(linking.measure_ours(SET, size)))
        if peers:
            self._keep("linking", f"Splink 5 (DuckDB) {size}", lambda: _link_row(linking.measure_splink(SET, size)))

    def _keep(self, table: str, key: str, action: Callable[[], dict[str, Any]]) -> None:
        print(f"{table}: {key} ...", flush=True)
        load = report.load()
        try:
            self.results.keep(table, key, action(), load, self.command)
        except (Skipped, subprocess.CalledProcessError) as reason:
            print(f"left out: {reason}", flush=True)
            self.results.leave_out(table, key, str(reason) if isinstance(reason, Skipped) else "ended with an error")
        self._write()

    def _write(self) -> None:
        write_results(self.results, self.kept)
        write_page(self.results, self.page)


def _fresh(arguments: list[str]) -> Measured:
    with passing() as folder:
        told = _child(arguments, folder / "told.json")
    made = Measured(set=told["set"], size=told["size"], times=told["times"])
    false = {float(recall): count for recall, count in told["score"].pop("false").items()}
    made.score = Score(**told["score"], false=false)
    return made


def _child(arguments: list[str], told: Path) -> Any:
    command = [sys.executable, "-m", "benchmarks.matching.measure_index", "--set", SET, *arguments, "--json", str(told)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads(told.read_text(encoding="utf-8"))


def _row(made: Measured) -> dict[str, Any]:
    score = made.score
    assert score is not None
    false = {f"false at .{recall * 100:.0f}": count for recall, count in score.false.items()}
    shares = {"R@1": score.at_1, "R@10": score.at_10, "asked": score.queries, "absent": score.absent}
    return {**made.times, **shares, **false, "classes": score.by_class}


def _alias_row(shares: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"R@1": shares["all"][0], "R@10": shares["all"][1], "asked": shares["all"][2]}
    for sort, word in (("individual", "individuals"), ("entity", "entities")):
        row[f"{word} R@1"], row[f"{word} R@10"], _ = shares[sort]
    return row


def _pair_row(each: pairs.Judged) -> dict[str, Any]:
    return {
        "AUC": each.auc,
        "AP": each.precision_mean,
        "P at .7": each.usual.precision,
        "R at .7": each.usual.recall,
        "F1 at .7": each.usual.f1,
        "best F1": each.best.f1,
        "best threshold": each.best.threshold,
        "five-fold F1": each.folded_f1,
        "us/pair": each.microseconds,
        "groups": ", ".join(f"{group} {found.f1:.2f}" for group, found in each.by_group.items()),
    }


def _link_row(made: linking.Linked) -> dict[str, Any]:
    row: dict[str, Any] = {
        "seconds": made.seconds,
        "peak MB": made.peak,
        "P": made.precision,
        "R": made.recall,
        "F1": made.f1,
        "note": made.note,
    }
    if made.usual is not None:
        row["F1 as set"] = made.usual[2]
    return row
