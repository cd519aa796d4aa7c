"""Acting: grounds of an officer, and rights that are looked at anew with each request."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from personas import CASE, DE, FR, NL, START, VE, Office, changed, draft

from alidade.model.errors import AlidadeError, Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.belonging import end_agreement, leave_community
from alidade.services.check import check
from alidade.services.consent import propose_agreement
from alidade.services.contribute import Giving, contribute
from alidade.services.correcting import categorise, erase_record, withdraw
from alidade.services.finding import Question
from alidade.services.officers import change_officer, end_access, take_up_again
from alidade.services.picture.judging import judge
from alidade.services.records import show_record
from alidade.services.releasing import release
from alidade.services.verdicts import rule_on_hit
from alidade.vocabulary import Agreement, Label


def test_who_acts_is_read_from_the_directory(office: Office) -> None:
    actor = act_as(office.node, OfficerId(f"{NL}/analyst"), purpose="18.2.a", case=CASE)
    assert (actor.role, actor.viewer.authority, actor.viewer.cases) == ("analyst", NL, (CASE,))
    assert actor.viewer.communities == ("all",)


@pytest.mark.parametrize(
    ("officer", "grounds", "error"),
    [
        ("analyst", {"purpose": "18.2.z"}, Invalid),
        ("analyst", {"purpose": "18.2.a", "legal_ground": "curiosity"}, Invalid),
        ("nobody", {"purpose": "18.2.a"}, NotFound),
    ],
)
def test_unknown_grounds_and_officers_are_refused(
    office: Office, officer: str, grounds: dict[str, str], error: type[AlidadeError]
) -> None:
    with pytest.raises(error) as refused:
        act_as(office.node, OfficerId(f"{NL}/{officer}"), **grounds)
    assert refused.value.remedy


def test_ended_access_ends_with_the_next_request(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    officer, admin = office.officer(DE), office.officer(DE, "administrator")
    assert show_record(office.node, officer, record).statements
    end_access(office.node, admin, officer.officer)
    with pytest.raises(NotAllowed) as refused:
        show_record(office.node, officer, record)
    assert refused.value.code == "role"
    with pytest.raises(NotAllowed, match="ended"):
        office.officer(DE)
    take_up_again(office.node, admin, officer.officer)
    assert show_record(office.node, officer, record).statements


def test_closed_cases_close_with_the_next_request(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(case=CASE))
    officer, admin = office.officer(DE), office.officer(DE, "administrator")
    assert office.ask(officer, "Jan Vermeulen").kind == "hit"
    change_officer(office.node, admin, officer.officer, cases=())
    with pytest.raises(NotAllowed) as refused:
        office.ask(officer, "Jan Vermeulen")
    assert refused.value.code == "rights_changed"
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"


def test_communities_count_with_the_next_request(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(communities=("otf-lime",)))
    expected = {NL: "hit", DE: "hit_without_content", FR: "hit_without_content", VE: "no_hit"}
    assert office.answers("Jan Vermeulen") == expected
    office.join(DE, "otf-lime")
    assert office.answers("Jan Vermeulen") == expected | {DE: "hit"}
    leave_community(office.node, office.officer(DE, "administrator"), "otf-lime")
    assert office.answers("Jan Vermeulen") == expected
    with pytest.raises(NotFound):
        leave_community(office.node, office.officer(DE, "administrator"), "otf-lime")


def test_an_officer_who_began_before_his_authority_left_a_community_begins_again(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(communities=("otf-lime",)))
    office.join(DE, "otf-lime")
    officer = office.officer(DE)
    assert office.ask(officer, "Jan Vermeulen").kind == "hit"
    leave_community(office.node, office.officer(DE, "administrator"), "otf-lime")
    with pytest.raises(NotAllowed) as refused:
        office.ask(officer, "Jan Vermeulen")
    assert refused.value.code == "rights_changed"


def test_a_handling_ends_with_its_last_day(office: Office) -> None:
    handling = office.handling(expires_on="2026-06-17")
    office.give(draft("1", name="Jan Vermeulen"), handling=handling)
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    office.clock.move(days=1, hours=14, minutes=59)  # 23:59 of the last day
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    office.clock.move(minutes=1)
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}


def _agreement(office: Office, **changes: object) -> Agreement:
    fields = {
        "code": "nl-ve",
        "label": Label(en="invented", fr="inventé", es="inventado", pt="inventado"),
        "source": "invented",
        "valid_from": START.date(),
        "verified": False,
        "party_a": "NL",
        "party_b": "VE",
        "instrument": "invented",
        "flow": "personal",
        "status": "in_force",
        "onward_transfer": False,
    } | changes
    return Agreement(**fields)  # type: ignore[arg-type]


def test_an_agreement_opens_and_its_end_closes(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    admin = office.officer(NL, "administrator")
    assert office.answers("Jan Vermeulen", of=(DE, VE)) == {DE: "hit", VE: "no_hit"}
    office.agree(propose_agreement(office.node, admin, _agreement(office)).reference)
    assert office.answers("Jan Vermeulen", of=(DE, VE)) == {DE: "hit", VE: "hit"}
    end_agreement(office.node, admin, "nl-ve")
    assert office.answers("Jan Vermeulen", of=(DE, VE)) == {DE: "hit", VE: "no_hit"}
    last = START.date().replace(day=20)
    again = _agreement(office, code="nl-ve-2", valid_until=last)
    office.agree(propose_agreement(office.node, admin, again).reference)
    assert office.answers("Jan Vermeulen", of=(VE,)) == {VE: "hit"}
    office.clock.move(days=5)
    assert office.answers("Jan Vermeulen", of=(DE, VE)) == {DE: "hit", VE: "no_hit"}


def test_the_ledger_says_who_when_why_and_under_which_rights(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    show_record(office.node, office.officer(DE, "analyst"), record)
    entry = office.entries(DE)[0]
    assert (entry.act, entry.at, entry.authority, entry.officer) == ("record_read", START, DE, f"{DE}/analyst")
    assert (entry.purpose, entry.case, entry.legal_ground) == ("18.2.a", CASE, "criminal_investigation")
    assert (entry.justification, entry.objects, entry.results) == ("seen on the spot", (record,), 1)
    before = entry.epoch
    office.join(DE, "otf-lime")
    show_record(office.node, office.officer(DE, "analyst"), record)
    assert office.entries(DE)[0].epoch > before


def test_errors_do_not_repeat_what_was_given(office: Office) -> None:
    name, record = "Wilhelmina Oosterhuis", office.give(draft("1", name="Wilhelmina Oosterhuis")).records["1"]
    no_category = office.handling(subject_category="Wilhelmina Oosterhuis")

    nl, node = office.officer(NL), office.node
    long_name = f"{name} " * 40
    attempts: list[Callable[[], object]] = [
        lambda: contribute(node, nl, Giving(title=name, drafts=[draft(name, name=name)], handlings={})),
        lambda: contribute(node, nl, Giving(title=name, drafts=[], handlings={name: no_category})),
        lambda: contribute(
            node, nl, Giving(title=name, drafts=[], handlings={name: changed(office.handling(), review_on=name)})
        ),
        lambda: check(node, nl, Question(text=long_name)),
        lambda: check(node, nl, Question(text=f"{name}\x00")),
        lambda: check(node, nl, Question(text=name, kind="iban")),
        lambda: check(node, nl, Question(text=name, kind=name)),
        lambda: check(node, nl, Question(text=name, birth_date=name)),
        lambda: check(node, office.officer(NL, justification=None), Question(text=name)),
        lambda: categorise(node, nl, record, name),
        lambda: categorise(node, nl, name, "victim"),
        lambda: withdraw(node, nl, name, "wrong"),
        lambda: withdraw(node, nl, record, name),
        lambda: erase_record(node, nl, name, "unlawful"),
        lambda: erase_record(node, nl, record, name),
        lambda: release(node, nl, name, DE, "read", ("18.2.a",)),
        lambda: release(node, nl, record, DE, name, ("18.2.a",)),  # type: ignore[arg-type]
        lambda: release(node, nl, record, DE, "read", (name,)),
        lambda: rule_on_hit(node, nl, name, "same", "same_context"),
        lambda: rule_on_hit(node, nl, record, "same", name),
        lambda: judge(node, nl, name, record, "same", "reason", office.handling()),
        lambda: show_record(node, nl, name),
        lambda: act_as(node, nl.officer, purpose=name),
        lambda: act_as(node, nl.officer, purpose="18.2.a", legal_ground=name),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(AlidadeError) as refused:
            attempt()
        said = f"{refused.value} {refused.value.code}"
        assert not re.search("Wilhelmina|Oosterhuis", said), (number, said)
        assert len(said) > 20
