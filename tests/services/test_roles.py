"""Roles: every use case lets in exactly the roles that list its act; an administrator sees no content."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from personas import DE, NL, ROLES, START, VE, Office, draft, words

import alidade.services
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, NotAllowed, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.authorities import (
    add_agreement,
    add_authority,
    add_officer,
    change_communities,
    change_officer,
    party,
)
from alidade.services.check import check
from alidade.services.check_list import check_list
from alidade.services.contribute import Giving, contribute
from alidade.services.correcting import categorise, erase_question, erase_record, waiting_for_category, withdraw
from alidade.services.explaining import who_may, why_not
from alidade.services.finding import Question
from alidade.services.import_file import Order, import_file, look_at, preview
from alidade.services.ledger import entries_of_authority
from alidade.services.notices import notices
from alidade.services.records import export, overview, show_record, suggest_words
from alidade.services.releasing import release
from alidade.services.verdicts import hits_to_rule_on, judge, rule_on_hit, take_back_judgement
from alidade.vocabulary import Agreement, Label


@dataclass
class Scene:
    """What the use cases work on, made by officers who may."""

    office: Office
    folder: Path
    record: str
    other: str
    waiting: str
    contribution: str
    hit: str
    check: str
    judgement: str

    @classmethod
    def of(cls, office: Office, folder: Path) -> Scene:
        given = office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Jan Vermeulen"))
        waiting = office.give(draft("3", name="Piet Hein"), handling=office.handling(subject_category=None))
        answer = office.ask(NL, "Jan Vermeulen")
        own, other = given.records["1"], given.records["2"]
        judgement = judge(office.node, office.officer(NL), own, other, "same", "same phone", office.handling())
        (folder / "questions.csv").write_text("text\nJan Vermeulen\n")
        (folder / "people.csv").write_text("name\nKlaas Bakker\n")
        assert given.contribution is not None
        return cls(
            office=office,
            folder=folder,
            record=own,
            other=other,
            waiting=waiting.records["3"],
            contribution=given.contribution,
            hit=answer.hits[0].reference,
            check=answer.check,
            judgement=judgement,
        )


def _import(s: Scene, actor: Actor) -> object:
    source = look_at(s.folder / "people.csv")
    return import_file(
        s.office.node,
        actor,
        source,
        Order(handling=s.office.handling(), mapping=preview(s.office.node, source).mapping),
    )


def _agreement() -> Agreement:
    label = Label(en="invented", fr="inventé", es="inventado", pt="inventado")
    return Agreement(
        code="nl-ve",
        label=label,
        source="invented",
        valid_from=START.date(),
        verified=False,
        party_a="NL",
        party_b="VE",
        instrument="invented",
        flow="personal",
        status="in_force",
        onward_transfer=False,
    )


def _authority(s: Scene) -> Authority:
    return Authority(party=party(s.office.node, "be-police", "police", "BE"), name="Belgium", contact="desk")


_NEW = Officer(id=OfficerId(f"{NL}/new"), authority=AuthorityId(NL), role="analyst")

# use case: (act of roles.json that it needs, a call of it)
USE_CASES: dict[Callable[..., object], tuple[str, Callable[[Scene, Actor], object]]] = {
    check: ("check", lambda s, a: check(s.office.node, a, Question(text="Jan Vermeulen"))),
    check_list: (
        "check_batch",
        lambda s, a: check_list(s.office.node, a, s.folder / "questions.csv", s.folder / "answers.csv"),
    ),
    show_record: ("record_read", lambda s, a: show_record(s.office.node, a, s.record)),
    overview: ("record_read", lambda s, a: overview(s.office.node, a)),
    suggest_words: ("record_read", lambda s, a: suggest_words(s.office.node, a, "verm")),
    who_may: ("record_read", lambda s, a: who_may(s.office.node, a, s.record, "read", purpose="18.2.a")),
    why_not: ("record_read", lambda s, a: why_not(s.office.node, a, s.record, "court")),
    contribute: (
        "contribute",
        lambda s, a: contribute(
            s.office.node,
            a,
            Giving(title="new", drafts=[draft("9", name="Ann")], handlings={"own": s.office.handling()}),
        ),
    ),
    import_file: ("import", _import),
    waiting_for_category: ("categorise", lambda s, a: waiting_for_category(s.office.node, a)),
    categorise: ("categorise", lambda s, a: categorise(s.office.node, a, s.waiting, "victim")),
    hits_to_rule_on: ("verdict", lambda s, a: hits_to_rule_on(s.office.node, a)),
    rule_on_hit: ("verdict", lambda s, a: rule_on_hit(s.office.node, a, s.hit, "same", "same_context")),
    judge: (
        "judge",
        lambda s, a: judge(s.office.node, a, s.record, s.other, "same", "same phone", s.office.handling()),
    ),
    take_back_judgement: ("judge", lambda s, a: take_back_judgement(s.office.node, a, s.judgement)),
    export: ("export", lambda s, a: export(s.office.node, a)),
    withdraw: ("withdraw", lambda s, a: withdraw(s.office.node, a, s.contribution, "wrong")),
    erase_record: ("erase", lambda s, a: erase_record(s.office.node, a, s.record, "unlawful")),
    erase_question: ("erase", lambda s, a: erase_question(s.office.node, a, s.check, "unlawful")),
    release: ("release", lambda s, a: release(s.office.node, a, s.record, VE, "read", ("18.2.a",))),
    notices: ("notices_read", lambda s, a: notices(s.office.node, a)),
    entries_of_authority: ("ledger_read", lambda s, a: entries_of_authority(s.office.node, a)),
    add_authority: ("authority_manage", lambda s, a: add_authority(s.office.node, a, _authority(s))),
    change_communities: ("authority_manage", lambda s, a: change_communities(s.office.node, a, DE, ("otf-lime",))),
    add_officer: ("officer_manage", lambda s, a: add_officer(s.office.node, a, _NEW)),
    change_officer: (
        "officer_manage",
        lambda s, a: change_officer(s.office.node, a, OfficerId(f"{NL}/analyst"), cases=()),
    ),
    add_agreement: ("agreement_manage", lambda s, a: add_agreement(s.office.node, a, _agreement())),
}


def test_no_use_case_is_forgotten() -> None:
    found = set()
    for path in Path(next(iter(alidade.services.__path__))).glob("*.py"):
        for item in ast.parse(path.read_text()).body:
            if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                names = [argument.arg for argument in item.args.args]
                if "actor" in names and "tx" not in names:  # with a transaction it is a step of a use case
                    found.add(item.name)
    assert found == {use_case.__name__ for use_case in USE_CASES}


def test_every_act_of_the_roles_is_known() -> None:
    listed = {act for role in words().roles.values() for act in role.acts}
    assert listed == {act for act, _ in USE_CASES.values()} | {"ledger_verify"}
    assert set(words().roles) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_allowed_exactly_where_the_role_lists_the_act(office: Office, tmp_path: Path, role: str) -> None:
    scene = Scene.of(office, tmp_path)
    for use_case, (act, call) in USE_CASES.items():
        actor = office.officer(NL, role)
        allowed = act in words().roles[role].acts
        before = office.ledger_size()
        if not allowed:
            with pytest.raises(NotAllowed) as refused:
                call(scene, actor)
            assert refused.value.code == "role", use_case.__name__
            assert office.ledger_size() == before + 1, use_case.__name__
            assert office.newest_entry() == (act, "refused"), use_case.__name__
            continue
        try:
            call(scene, actor)
        except (Conflict, NotFound):
            continue  # what an earlier call of this walk has done stands in the way; a right does not
        assert office.ledger_size() > before, use_case.__name__


def test_an_administrator_is_given_no_content(office: Office, tmp_path: Path) -> None:
    scene = Scene.of(office, tmp_path)
    admin = office.officer(NL, "administrator")
    for use_case, (act, call) in USE_CASES.items():
        if act in words().roles["administrator"].acts:
            shown = repr(call(scene, admin))
            assert "Vermeulen" not in shown, use_case.__name__
        else:
            with pytest.raises(NotAllowed):
                call(scene, admin)
