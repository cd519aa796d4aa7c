"""Pairs: is it the same name? Labelled pairs of persons and companies, scored by us and by others.

Half of nomenklatura's public bench of names. The best threshold is chosen on the pairs themselves and is the same
courtesy to all; the five-fold figure chooses it on four fifths and counts on the fifth.
"""

from __future__ import annotations

import csv
import random as chance
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import click
from rapidfuzz import distance, fuzz

from benchmarks.matching.groups import plain
from benchmarks.matching.material import shared_folder
from benchmarks.matching.peer_runs import Skipped, run_peer

_PASSES = 5
_FOLDS = 5
_USUAL = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two names, the schema of what bears them, and whether they are one."""

    left: str
    right: str
    schema: str
    group: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Precision, recall and F1 at a threshold."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(slots=True, kw_only=True)
class Judged:
    """How well one scorer told the pairs apart."""

    name: str
    auc: float
    precision_mean: float
    usual: Quality
    best: Quality
    folded_f1: float
    microseconds: float
    by_group: dict[str, Quality] = field(default_factory=dict)


def read_pairs() -> list[Pair]:
    """The labelled pairs of names."""
    with (shared_folder() / "labelled_pairs" / "name_pairs.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Pair(
                left=row["name1"],
                right=row["name2"],
                schema=row["schema"],
                group=row["case_group"],
                same=row["is_match"] == "true",
            )
            for row in csv.DictReader(lines)
        ]


def judge_all(*, peers: bool) -> tuple[list[Judged], list[str]]:
    """Our scores, those of plain string distances and, if asked, of nomenklatura; and why any was left out."""
    pairs = read_pairs()
    judged = [judge("alidade compare_names", pairs, *_timed(_ours(), pairs))]
    for name, scorer in _STRINGS.items():
        judged.append(judge(f"rapidfuzz {name}", pairs, *_timed(_folded(scorer), pairs)))
    reasons = []
    if peers:
        asked = [[pair.schema, pair.left, pair.right] for pair in pairs]
        for algorithm in ("logic-v2", "logic-v1"):
            try:
                told = run_peer("nomenklatura", "name_pairs", {"algorithm": algorithm, "pairs": asked})
                judged.append(judge(f"nomenklatura {algorithm}", pairs, told["scores"], told["microseconds"]))
            except Skipped as reason:
                reasons.append(f"nomenklatura {algorithm} left out: {reason}")
    return judged, reasons


def judge(name: str, pairs: Sequence[Pair], scores: Sequence[float], microseconds: float) -> Judged:
    """All figures of one scorer."""
    same = [pair.same for pair in pairs]
    best = best_quality(scores, same)
    made = Judged(
        name=name,
        auc=area(scores, same),
        precision_mean=average_precision(scores, same),
        usual=quality(scores, same, _USUAL),
        best=best,
        folded_f1=folds(scores, same),
        microseconds=microseconds,
    )
    for group in dict.fromkeys(pair.group for pair in pairs):
        chosen = [number for number, pair in enumerate(pairs) if pair.group == group]
        if len(chosen) >= 20:
            of_group = [scores[number] for number in chosen]
            made.by_group[group] = quality(of_group, [same[number] for number in chosen], best.threshold)
    return made


def quality(scores: Sequence[float], same: Sequence[bool], threshold: float) -> Quality:
    """Precision, recall and F1 where scores at or above the threshold count as the same."""
    said = [score >= threshold for score in scores]
    right = sum(one and other for one, other in zip(said, same, strict=True))
    precision = right / max(sum(said), 1)
    recall = right / max(sum(same), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Quality(threshold=threshold, precision=precision, recall=recall, f1=f1)


def best_quality(scores: Sequence[float], same: Sequence[bool]) -> Quality:
    """The quality at the threshold with the highest F1."""
    return max((quality(scores, same, score) for score in sorted(set(scores))), key=lambda each: each.f1)


def folds(scores: Sequence[float], same: Sequence[bool]) -> float:
    """F1 where the threshold of each fifth was chosen on the other four."""
    order = list(range(len(scores)))
    chance.Random("folds").shuffle(order)
    said = [False] * len(scores)
    for fold in range(_FOLDS):
        part = order[fold::_FOLDS]
        rest = [number for number in order if number not in set(part)]
        chosen = best_quality([scores[number] for number in rest], [same[number] for number in rest]).threshold
        for number in part:
            said[number] = scores[number] >= chosen
    return quality([float(each) for each in said], same, 1.0).f1


def area(scores: Sequence[float], same: Sequence[bool]) -> float:
    """Area under the curve: how often a same pair scores above one that is not (ties count half)."""
    yes = [score for score, one in zip(scores, same, strict=True) if one]
    no = [score for score, one in zip(scores, same, strict=True) if not one]
    above = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    return above / max(len(yes) * len(no), 1)


def average_precision(scores: Sequence[float], same: Sequence[bool]) -> float:
    """Mean precision over the recall gained at each distinct score."""
    total, before, whole = sum(same), 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        each = quality(scores, same, threshold)
        whole += each.precision * (each.recall - before)
        before = each.recall
    return whole if total else 0.0


def _ours() -> Callable[[Pair], float]:
    from alidade.matching import compare_names

    return lambda pair: compare_names(pair.left, pair.right, pair.schema)


def _folded(scorer: Callable[..., float]) -> Callable[[Pair], float]:
    return lambda pair: scorer(plain(pair.left), plain(pair.right))


_STRINGS: dict[str, Callable[..., float]] = {
    "WRatio": lambda left, right: fuzz.WRatio(left, right) / 100,
    "token_set_ratio": lambda left, right: fuzz.token_set_ratio(left, right) / 100,
    "token_sort_ratio": lambda left, right: fuzz.token_sort_ratio(left, right) / 100,
    "ratio": lambda left, right: fuzz.ratio(left, right) / 100,
    "JaroWinkler": distance.JaroWinkler.similarity,
}


def _timed(scorer: Callable[[Pair], float], pairs: Sequence[Pair]) -> tuple[list[float], float]:
    """The scores, and microseconds for each pair in the median pass."""
    scores, spent = [], []
    for _ in range(_PASSES):
        start = time.perf_counter()
        scores = [scorer(pair) for pair in pairs]
        spent.append(1e6 * (time.perf_counter() - start) / len(pairs))
    return scores, sorted(spent)[_PASSES // 2]


@click.command()
@click.option("--peers", is_flag=True, help="Measure nomenklatura as well.")
@click.option("--errors", default=0, help="Print so many wrong pairs of ours at the best threshold.")
def main(peers: bool, errors: int) -> None:
    """Tell labelled pairs of names apart."""
    judged, reasons = judge_all(peers=peers)
    for each in judged:
        click.echo(
            f"{each.name:28} AUC {each.auc:.3f} AP {each.precision_mean:.3f} | at .7 P {each.usual.precision:.3f} "
            f"R {each.usual.recall:.3f} F1 {each.usual.f1:.3f} | best F1 {each.best.f1:.3f} ({each.best.threshold:.3f})"
            f" five-fold {each.folded_f1:.3f} | {each.microseconds:.1f} us"
        )
        click.echo("    " + ", ".join(f"{group} {found.f1:.3f}" for group, found in each.by_group.items()))
    for reason in reasons:
        click.echo(reason)
    if errors:
        pairs, ours = read_pairs(), _ours()
        limit = judged[0].best.threshold
        wrong = [(ours(pair), pair) for pair in pairs if (ours(pair) >= limit) != pair.same]
        for score, pair in sorted(wrong, key=lambda each: -abs(each[0] - limit))[:errors]:
            said = "same" if pair.same else "different"
            click.echo(f"{score:.3f} but {said}: {pair.left!r} / {pair.right!r} ({pair.group}, {pair.schema})")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.pairs")
