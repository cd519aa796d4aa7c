"""Rulings seen: after every act, each viewer class has just the rulings that it may use, without a look at the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, FR, NL, VE, Office, draft, opened, template

from alidade.model.draft import Claim
from alidade.model.viewer import Actor
from alidade.services.acting import log
from alidade.services.correcting import erase_record, withdraw
from alidade.services.picture.judging import confirm, judge, revoke, rule
from alidade.services.records import show_record
from alidade.store import directory, rights
from alidade.store.reading import reading

_USABLE = """
select v.viewer_class_id, j.id from judgement j
join visible v on v.handling_id = j.handling_id
where not j.revoked and not j.waiting and v.viewer_class_id in (select viewer_class_id from joining_class)
and exists (select 1 from statement s join visible a on a.handling_id = s.handling_id
            where s.record_id = j.left_id and s.current and a.viewer_class_id = v.viewer_class_id)
and exists (select 1 from statement s join visible a on a.handling_id = s.handling_id
            where s.record_id = j.right_id and s.current and a.viewer_class_id = v.viewer_class_id)
order by 1, 2
"""


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "seen rulings") as found:
        yield found


def _viewers(office: Office) -> list[Actor]:
    return [office.officer(who, purpose=purpose) for who in (NL, DE, FR, VE) for purpose in ("18.2.a", "18.2.c")]


def _usable(office: Office) -> dict[str, int]:
    """How many classes may use each ruling, which all know of none but these."""
    for actor in _viewers(office):
        with office.store.transaction() as tx:
            with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
                shown = {each.judgement for each in view.judgements()}
            number = rights.viewer_class(tx, actor.viewer, "merge", directory.world(tx))
            sql = "select judgement_id from seen_ruling where viewer_class_id = %s"
            assert shown == {judgement for (judgement,) in tx.rows(sql, [number])}
            log(tx, actor, "picture_read")
    with office.store.transaction() as tx:
        kept = tx.rows("select viewer_class_id, judgement_id from seen_ruling order by 1, 2", [])
        assert kept == tx.rows(_USABLE, [])
    return {judgement: sum(each == judgement for _, each in kept) for _, judgement in kept}


def _hidden(office: Office, owner: str) -> dict[str, object]:
    return {"handling": office.handling(owner, communities=())}


def test_each_class_has_the_rulings_that_it_may_use(office: Office) -> None:
    left = office.give(draft("1", name="Jan Vermeulen"), source_list="ours").records["1"]
    right = office.give(draft("1", name="Jan Vermeulen"), by=DE, source_list="theirs").records["1"]
    apart = office.give(draft("7", name="J. Vermeulen"), by=FR, handling=office.handling(FR, communities=())).records[
        "7"
    ]
    assert _usable(office) == {}
    first = judge(office.node, office.officer(NL), left, right, "same", "r", office.handling())
    everybody = _usable(office)[first]
    assert everybody == 3  # for a purpose for which nothing was given nobody joins
    waits = rule(office.node, office.officer(FR), left, apart, "same", "r", office.handling(FR), second_officer=True)
    assert set(_usable(office)) == {first}
    confirm(office.node, office.officer(FR, "analyst"), waits.judgement)
    of_few = _usable(office)[waits.judgement]
    assert 0 < of_few < everybody  # only those see the record who are of France
    said = replace(draft("7", name="J. Vermeulen"), handling="own")
    office.give(said, by=FR, handling={"own": office.handling(FR)})
    assert _usable(office)[waits.judgement] in (of_few, everybody)
    revoke(office.node, office.officer(NL), first)
    assert set(_usable(office)) == {waits.judgement}


def test_it_follows_the_records_from_open_to_hidden_and_to_nothing(office: Office) -> None:
    left = office.give(draft("1", name="Jan Vermeulen"), source_list="ours").records["1"]
    given = office.give(draft("1", name="Jan Vermeulen"), by=DE, source_list="theirs")
    right = given.records["1"]
    made = judge(office.node, office.officer(NL), left, right, "same", "r", office.handling())
    everybody = _usable(office)[made]
    secret = {"own": office.handling(DE), "secret": office.handling(DE, communities=())}
    hidden = replace(draft("1", name=Claim(property="name", value="Jan V.", handling="secret")), handling="secret")
    office.give(hidden, by=DE, handling=secret, source_list="theirs")
    assert 0 < _usable(office)[made] < everybody
    office.give(draft("1", name="Jan Vermeulen"), by=DE, source_list="theirs")
    assert _usable(office)[made] == everybody
    assert len(show_record(office.node, office.officer(NL), left).records) == 2
    erase_record(office.node, office.officer(DE), right, "unlawful")
    assert _usable(office) == {}


def test_a_withdrawn_contribution_takes_its_rulings_along(office: Office) -> None:
    left = office.give(draft("1", name="Jan Vermeulen"), source_list="ours").records["1"]
    given = office.give(draft("1", name="Jan Vermeulen"), by=DE, source_list="theirs")
    made = judge(office.node, office.officer(NL), left, given.records["1"], "same", "r", office.handling())
    assert made in _usable(office)
    withdraw(office.node, office.officer(DE), given.contribution, "wrong")
    assert _usable(office) == {}


def test_a_right_that_changes_has_it_worked_out_anew(office: Office) -> None:
    left = office.give(draft("1", name="Jan Vermeulen"), source_list="ours").records["1"]
    right = office.give(draft("1", name="Jan Vermeulen"), by=DE, source_list="theirs").records["1"]
    made = judge(office.node, office.officer(NL), left, right, "same", "r", office.handling())
    before = _usable(office)
    assert made in before
    with office.store.transaction() as tx:
        rights.raise_epoch(tx)
    assert _usable(office) == before
