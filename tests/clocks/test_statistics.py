from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alidade.clocks import ClockEvent, Length, load_clocks, percentile, state_of, statistics

ZONE = ZoneInfo("Europe/Madrid")
CLOCKS = load_clocks()
BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = BEGIN + timedelta(days=100)


def run(code: str, *happened: tuple[str, int], now: datetime = NOW) -> object:
    events = [
        ClockEvent(
            kind=kind,  # type: ignore[arg-type]
            at=BEGIN + timedelta(hours=hours),
            length=Length(unit="calendar_days", count=9) if kind in ("overrun", "extend") else None,
            reason="court" if kind == "overrun" else "",
        )
        for kind, hours in happened
    ]
    return state_of(CLOCKS[code], events, now, zone=ZONE)


def test_every_outcome_is_counted_once() -> None:
    code = "police_request_other"
    states = [
        run(code, ("start", 0), ("stop", 10)),
        run(code, ("start", 0), ("stop", 30)),
        run(code, ("start", 0), ("suspend", 10), ("resume", 20), ("stop", 40)),
        run(code, ("start", 0), ("overrun", 5), ("stop", 200)),
        run(code, ("start", 0), ("overrun", 5), ("stop", 20)),
        run(code, ("start", 0), ("stop", 500)),
        run(code, ("start", 0)),
        run(code, ("start", 0), now=BEGIN + timedelta(hours=1)),
        run(code, ("start", 0), ("suspend", 10)),
        run(code),
        run("honlea_answer", ("start", 0), ("extend", 1)),
        run("eio_recognition", ("start", 0), ("extend", 1), ("stop", 2)),
    ]
    found = statistics(states)  # type: ignore[arg-type]
    assert list(found) == ["eio_recognition", "honlea_answer", code]
    police = found[code]
    assert (police.started, police.met, police.overrun, police.late) == (9, 4, 1, 1)
    assert (police.missed, police.silence, police.open, police.suspended, police.extended) == (1, 0, 2, 2, 0)
    assert police.kept == pytest.approx(5 / 7)
    assert police.median == timedelta(hours=30)
    assert police.ninth_decile == timedelta(hours=500)
    assert found["honlea_answer"].silence == 1
    assert found["honlea_answer"].kept == 0
    assert found["eio_recognition"].extended == 1


def test_an_open_clock_has_no_time_and_no_share() -> None:
    found = statistics([run("police_request_other", ("start", 0), now=BEGIN)])["police_request_other"]  # type: ignore[list-item]
    assert (found.kept, found.median, found.ninth_decile, found.open) == (None, None, None, 1)
    assert not statistics([])


def hours(*counts: int) -> list[timedelta]:
    return [timedelta(hours=each) for each in counts]


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [
        ((3, 1, 2), 0.5, 2),
        ((4, 1, 2, 8), 0.5, 3),
        (tuple(range(1, 11)), 0.9, 9),
        (tuple(range(1, 12)), 0.9, 10),
        ((5, 7), 0.0, 5),
        ((5, 7), 1.0, 7),
        ((5,), 0.9, 5),
    ],
)
def test_percentiles_by_nearest_rank(times: tuple[int, ...], share: float, expected: int) -> None:
    assert percentile(hours(*times), share) == timedelta(hours=expected)


def test_percentiles_of_nothing_and_beyond_all() -> None:
    assert percentile([], 0.5) is None
    with pytest.raises(ValueError, match=r"0\.\.1"):
        percentile(hours(1), 1.5)


@given(times=st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), min_size=1), share=st.floats(0, 1))
def test_a_percentile_lies_among_the_times(times: list[timedelta], share: float) -> None:
    found = percentile(times, share)
    assert found is not None
    assert min(times) <= found <= max(times)
    if share != 0.5:
        assert sum(each <= found for each in times) >= share * len(times) - 1e-9
