"""The register: what cannot be is refused with its place, and nothing is done because nobody spoke."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from alidade.model.errors import Invalid
from alidade.programme.carrying import Step, carry_over, uncarried
from alidade.programme.lists import LISTS, codes, term
from alidade.programme.register import (
    DocumentRef,
    Entry,
    Figure,
    Instrument,
    Measure,
    Source,
    Verification,
    check_entry,
    check_instrument,
    check_verification,
    said_in,
)
from alidade.programme.standing import KeptEntry, KeptVerification, Standing, stand, successors_of

PAPER = "a" * 32
_ALIKE = ("document", "conclusions", "kg", "g")  # the same word in all four
TODAY = dt.date(2026, 11, 22)


def measure(key: str = "1", **more: Any) -> Measure:
    return Measure(key=key, title={"en": f"Measure {key}"}, **more)


def paper(*measures: Measure, number: str = "10270/24", **more: Any) -> Instrument:
    return Instrument(number=number, kind="progress_report", title={"en": "Report"}, measures=measures, **more)


def entry(key: str = "1", kind: str = "status", **more: Any) -> Entry:
    return Entry(instrument=PAPER, measure=key, kind=kind, **more)


def kept(said: Entry, *, by: str = "nl-police", at: int = 1, reference: str = "") -> KeptEntry:
    moment = dt.datetime(2026, 1, at, tzinfo=dt.UTC)
    return KeptEntry(reference=reference or f"{at:032d}", authority=by, said_at=moment, entry=said)


def ruled(on: KeptEntry, ruling: str, by: str, at: int = 20) -> KeptVerification:
    said = Verification(entry=on.reference, ruling=ruling, reason="" if ruling == "confirmed" else "no such event")
    moment = dt.datetime(2026, 1, at, tzinfo=dt.UTC)
    return KeptVerification(reference=f"{at:032d}", authority=by, said_at=moment, verification=said)


def one(instrument: Instrument, *said: KeptEntry, verified: tuple[KeptVerification, ...] = ()) -> Standing:
    return stand(instrument, said, verified, TODAY)["1"]


def found(standing: Standing) -> set[str]:
    return {finding.code for finding in standing.findings}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_its_term_in_four_languages(name: str) -> None:
    assert len(codes(name)) >= 3
    for code in codes(name):
        assert len({term(name, code, tag) for tag in ("en", "fr", "es", "pt")}) > 1 or code in _ALIKE
    assert term(name, "nothing-like-it", "fr") == "nothing-like-it"


def test_a_paper_survives_being_written_and_read() -> None:
    full = paper(
        measure("1", deadline=dt.date(2027, 1, 1), references=(DocumentRef(number="16293/24"),)),
        measure("2c", target=Figure(value=3, unit="courses"), indicator="courses held", addressees=("BEL", "EUROPOL")),
        predecessors=("9184/23",),
    )
    check_instrument(full)
    assert msgspec.json.decode(msgspec.json.encode(full), type=Instrument) == full
    assert full.measure("2c") == full.measures[1]
    assert full.measure("3") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (paper(measure(), measure()), "Measure 1 stands there twice"),
        (paper(Measure(key="1", title={"en": " "})), "Measure 1 has no title"),
        (Instrument(number="1", kind="progress_report", title={}), "no title"),
        (Instrument(number="1", kind="novel", title={"en": "x"}), "instrument_kinds"),
        (paper(measure(target=Figure(value=1, unit="x"))), "target and no indicator"),
        (paper(measure(baseline=Figure(value=5, unit="x", parts=(2, 2)))), "add up to 4, and 5 is stated"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_with_the_place(wrong: Instrument, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_instrument(wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (entry("9", status="done"), "no measure 9"),
        (entry(kind="rumour", text={"en": "x"}), "entry_kinds"),
        (entry(status="finished"), "measure_statuses"),
        (entry(), "a status needs its code"),
        (entry(kind="result", status="done"), "only a status has one"),
        (entry(kind="obstacle", obstacle="weather"), "obstacle_kinds"),
        (entry(kind="document"), "needs its number"),
        (entry(kind="event"), "nothing is said"),
        (entry(kind="result", figure=Figure(value=3, unit="courses")), "without a source"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(wrong: Entry, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_entry(wrong, paper(measure()))


def test_a_figure_is_kept_with_its_source() -> None:
    figure = Figure(value=6, unit="operations", parts=(2, 4))
    check_entry(
        entry(kind="result", figure=figure, source=Source(document="15571/25", paragraph="12")), paper(measure())
    )
    counted = msgspec.structs.replace(figure, source=Source(taken="procedure:information_request"))
    check_entry(entry(kind="result", figure=counted), paper(measure()))


def test_a_verification_that_contests_says_why() -> None:
    check_verification(Verification(entry=PAPER, ruling="confirmed"))
    with pytest.raises(Invalid, match="needs a reason"):
        check_verification(Verification(entry=PAPER, ruling="contested"))
    with pytest.raises(Invalid, match="verification_rulings"):
        check_verification(Verification(entry=PAPER, ruling="fine"))


def test_silence_is_not_known_and_never_done() -> None:
    standing = one(paper(measure()))
    assert (standing.status, standing.over, standing.verified) == (None, False, False)
    assert found(standing) == {"silent", "no_deadline"}


def test_the_newest_status_holds_and_the_history_stays() -> None:
    early = kept(entry(status="planned", day=dt.date(2025, 5, 1)), at=9)
    late = kept(entry(status="under_way", day=dt.date(2026, 2, 1)), at=3)
    standing = one(paper(measure(deadline=dt.date(2026, 12, 1))), late, early)
    assert (standing.status, standing.since, standing.conflict) == ("under_way", dt.date(2026, 2, 1), False)
    assert standing.history == (early, late)
    assert found(standing) == set()


def test_a_deadline_that_is_over_is_late_until_the_measure_is() -> None:
    past = paper(measure(deadline=dt.date(2026, 11, 21)))
    assert found(one(past, kept(entry(status="under_way")))) == {"late"}
    assert "late" not in found(one(past, kept(entry(status="done"))))
    assert "late" not in found(one(paper(measure(deadline=TODAY)), kept(entry(status="under_way"))))


def test_done_wants_evidence_and_somebody_elses_word() -> None:
    timed = paper(measure(deadline=dt.date(2027, 1, 1)))
    done = kept(entry(status="done"))
    assert found(one(timed, done)) == {"unevidenced", "unverified"}
    proof = kept(entry(kind="document", document=DocumentRef(number="15571/25")), at=2)
    assert found(one(timed, done, proof, verified=(ruled(done, "confirmed", "nl-police"),))) == {"unverified"}
    confirmed = one(timed, done, proof, verified=(ruled(done, "confirmed", "de-police"),))
    assert (confirmed.verified, found(confirmed)) == (True, set())
    withdrawn = (ruled(done, "confirmed", "de-police"), ruled(done, "contested", "de-police", at=21))
    assert found(one(timed, done, proof, verified=withdrawn)) == {"unverified", "contested"}


def test_authorities_that_differ_are_a_conflict_and_states_are_told_apart() -> None:
    first, second = kept(entry(status="done"), at=1), kept(entry(status="under_way"), by="de-police", at=2)
    standing = one(paper(measure()), first, second)
    assert (standing.conflict, standing.status, standing.said_by) == (True, "under_way", "de-police")
    assert {f.about for f in standing.findings if f.code == "conflict"} == {(first.reference, second.reference)}


def test_figures_of_one_thing_that_differ_are_found() -> None:
    def figure(value: float, unit: str = "arrests") -> Entry:
        paper_source = Source(document="15571/25")
        return entry(kind="result", figure=Figure(value=value, unit=unit), source=paper_source, day=dt.date(2026, 1, 1))

    assert "figures_differ" in found(one(paper(measure()), kept(figure(562), at=1), kept(figure(566), at=2)))
    assert "figures_differ" not in found(one(paper(measure()), kept(figure(562), at=1), kept(figure(562), at=2)))
    assert "figures_differ" not in found(one(paper(measure()), kept(figure(1)), kept(figure(2, "searches"), at=2)))


def test_measures_go_on_in_a_successor_by_a_mapping() -> None:
    old, new = paper(measure("1"), measure("2"), measure("3")), paper(measure("A"), measure("B"), number="16293/24")
    steps = [
        Step(measure="1", how="merged", into="A"),
        Step(measure="2", how="merged", into="A"),
        Step(measure="2", how="split", into="B"),
    ]
    later = carry_over(PAPER, old, new, steps)
    assert later.predecessors == ("10270/24",)
    assert [(c.measure, c.how) for c in later.measures[0].carries] == [("1", "merged"), ("2", "merged")]
    assert [m.key for m in uncarried(PAPER, old, {"b" * 32: later})] == ["3"]
    assert [m.key for _, m, _ in successors_of(PAPER, "2", {"b" * 32: later})] == ["A", "B"]
    again = carry_over(PAPER, old, later, [Step(measure="3", how="continued", into="B")])
    assert [len(m.carries) for m in again.measures] == [0, 1]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(measure="9", how="continued", into="A"), "10270/24 has no measure 9"),
        (Step(measure="1", how="continued", into="Z"), "has no measure Z"),
        (Step(measure="1", how="continued"), "has no measure .none."),
        (Step(measure="1", how="vanished", into="A"), "carrying_ways"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(step: Step, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        carry_over(PAPER, paper(measure("1")), paper(measure("A"), number="16293/24"), [step])


def test_a_measure_is_not_both_dropped_and_carried_on() -> None:
    both = [Step(measure="1", how="dropped"), Step(measure="1", how="continued", into="A")]
    with pytest.raises(Invalid, match="both dropped and carried"):
        carry_over(PAPER, paper(measure("1")), paper(measure("A"), number="16293/24"), both)


def test_a_text_is_given_in_the_nearest_language() -> None:
    assert said_in({"fr": "a", "pt": "b"}, "pt_BR") == ("b", "pt")
    assert said_in({"fr": "a"}, "en") == ("a", "fr")
    assert said_in({"en": " "}, "en") == ("", "")
