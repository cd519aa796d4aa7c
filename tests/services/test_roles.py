"""Roles: every use case lets in exactly the roles that list its act; an administrator sees no content."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from chart_roles import CHART_CASES
from dossier_cases import DOSSIER_CASES
from exchange_cases import EXCHANGE_CASES, ExchangeScene
from giving_cases import GIVING_CASES
from personas import DE, FR, NL, ROLES, START, VE, Office, draft, words
from programme_roles import PROGRAMME_CASES, ProgrammeScene
from question_roles import QUESTION_CASES
from sight_roles import SIGHT_CASES
from thread_cases import THREAD_CASES, ThreadScene

import alidade.services
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, NotAllowed, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.access_letter import write_letter
from alidade.services.answers import answer_again, check_of_hit, checks_made
from alidade.services.authorities import party
from alidade.services.belonging import agreements_of, communities_of, end_agreement, leave_community
from alidade.services.check import check
from alidade.services.check_lines import answers_csv, check_lines
from alidade.services.check_list import check_list
from alidade.services.consent import (
    begin_first_account,
    consent,
    proposals_of,
    propose_agreement,
    propose_authority,
    propose_membership,
    refuse,
    withdraw_proposal,
)
from alidade.services.contribute import Giving, contribute
from alidade.services.correcting import categorise, erase_question, erase_record, waiting_for_category, withdraw
from alidade.services.day import my_day
from alidade.services.deputies import colleagues, deputies, end_deputy, hand_over, name_deputy
from alidade.services.directory_entries import (
    EntryChanges,
    confirm_entry,
    directory_entries,
    directory_entry,
    edit_entry,
)
from alidade.services.erasures import erasures, plan_of_question, plan_of_record
from alidade.services.explaining import who_may, why_not
from alidade.services.feedback import feedback, feedback_on
from alidade.services.finding import Question
from alidade.services.grounds import state_grounds
from alidade.services.import_file import Order, import_file, look_at, preview
from alidade.services.jump import jump
from alidade.services.ledger import (
    EntryFilter,
    entries_of_authority,
    entries_page,
    export_entries,
    head_as,
    verify_as,
)
from alidade.services.notices import notices
from alidade.services.officers import (
    add_officer,
    begin_account,
    change_officer,
    end_access,
    leaving_of,
    officers_of,
    take_up_again,
)
from alidade.services.person_export import Choice, authorities_to_consult, export_person
from alidade.services.person_search import Asked, search_person
from alidade.services.picture.entity import entity
from alidade.services.picture.entity_asked import quoting_threads
from alidade.services.picture.entity_export import export_entity
from alidade.services.picture.judgements import judgement_desk
from alidade.services.picture.judging import (
    confirm,
    judge,
    judging_rules,
    revoke,
    rule,
    set_judging_rules,
    take_back_judgement,
)
from alidade.services.picture.pairs import compare_records, suggestions_for
from alidade.services.picture.suggesting import looks, order_suggestions, run_suggestions, stop_look, suggestions
from alidade.services.queries import Wanted, count_queries, list_queries, open_question, query_patterns
from alidade.services.records import export, overview, show_record, suggest_words
from alidade.services.releasing import release
from alidade.services.requests import answer_to_check, check_many, check_once, contribute_once
from alidade.services.reviews import reviews_due, state_again
from alidade.services.second_look import (
    draw_checks,
    explain_check,
    explanations_asked,
    look_again,
    record_finding,
    second_looks,
)
from alidade.services.standing import (
    end_standing_check,
    forget_earlier_checks,
    keep_check_standing,
    keep_standing_check,
    look_at_standing,
    standing_checks,
)
from alidade.services.tokens import end_token, list_tokens, make_token
from alidade.services.verdicts import hits_to_rule_on, rule_on_hit
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
    proposals: tuple[str, ...]
    threads: ThreadScene
    exchange: ExchangeScene
    programme: ProgrammeScene

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
        office.join(NL, "joined")
        office.join(DE, "of-others")
        alone = msgspec.structs.replace(_agreement(), code="nl-ec", party_b="EC")  # nobody else here is a party
        propose_agreement(office.node, office.officer(NL, "administrator"), alone)
        proposals = tuple(
            propose_membership(office.node, office.officer(who, "administrator"), community).reference
            for who, community in ((DE, "joined"), (VE, "joined"), (NL, "of-others"))
        )
        newcomer = Authority(party=party(office.node, "es-pn", "police", "ES"), name="Spain", contact="desk")
        entered = propose_authority(office.node, office.officer(NL, "administrator"), newcomer).reference
        return cls(
            proposals=(*proposals, office.agree(entered)),
            office=office,
            folder=folder,
            record=own,
            other=other,
            waiting=waiting.records["3"],
            contribution=given.contribution,
            hit=answer.hits[0].reference,
            check=answer.check,
            judgement=judgement,
            threads=ThreadScene(office),
            exchange=ExchangeScene(office, folder),
            programme=ProgrammeScene(office),
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
    **CHART_CASES,
    **DOSSIER_CASES,
    **GIVING_CASES,
    **PROGRAMME_CASES,
    **QUESTION_CASES,
    **SIGHT_CASES,
    **THREAD_CASES,
    **EXCHANGE_CASES,
    state_grounds: ("grounds_set", lambda s, a: state_grounds(s.office.node, a)),
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
    entity: ("picture_read", lambda s, a: entity(s.office.node, a, s.record)),
    quoting_threads: ("thread_read", lambda s, a: quoting_threads(s.office.node, a, s.record)),
    export_entity: ("export", lambda s, a: export_entity(s.office.node, a, s.record, "csv")),
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
    rule: (
        "judge",
        lambda s, a: rule(s.office.node, a, s.record, s.other, "unsure", "r", s.office.handling(), second_officer=True),
    ),
    confirm: ("judge", lambda s, a: confirm(s.office.node, a, s.judgement)),
    judging_rules: ("judge", lambda s, a: judging_rules(s.office.node, a)),
    set_judging_rules: (
        "judgement_rules",
        lambda s, a: set_judging_rules(s.office.node, a, four_eyes=False, accepts=None),
    ),
    judgement_desk: ("judge", lambda s, a: judgement_desk(s.office.node, a)),
    suggestions: ("judge", lambda s, a: suggestions(s.office.node, a)),
    suggestions_for: ("judge", lambda s, a: suggestions_for(s.office.node, a, s.record)),
    compare_records: ("judge", lambda s, a: compare_records(s.office.node, a, s.record, s.other)),
    order_suggestions: ("judge", lambda s, a: order_suggestions(s.office.node, a)),
    looks: ("judge", lambda s, a: looks(s.office.node, a)),
    run_suggestions: (
        "judge",
        lambda s, a: run_suggestions(s.office.node, a, s.judgement, b"", lambda done: None, lambda: True),
    ),
    stop_look: ("judge", lambda s, a: stop_look(s.office.node, a, s.judgement)),
    revoke: ("judge", lambda s, a: revoke(s.office.node, a, s.judgement)),
    take_back_judgement: ("judge", lambda s, a: take_back_judgement(s.office.node, a, s.judgement)),
    export: ("export", lambda s, a: export(s.office.node, a)),
    withdraw: ("withdraw", lambda s, a: withdraw(s.office.node, a, s.contribution, "wrong")),
    erase_record: ("erase", lambda s, a: erase_record(s.office.node, a, s.record, "unlawful")),
    erase_question: ("erase", lambda s, a: erase_question(s.office.node, a, s.check, "unlawful")),
    release: ("release", lambda s, a: release(s.office.node, a, s.record, VE, "read", ("18.2.a",))),
    answer_to_check: ("check", lambda s, a: answer_to_check(s.office.node, a, s.check)),
    check_once: ("check", lambda s, a: check_once(s.office.node, a, Question(text="Jan Vermeulen"))),
    check_many: ("check_batch", lambda s, a: check_many(s.office.node, a, [Question(text="Jan Vermeulen")])),
    contribute_once: (
        "contribute",
        lambda s, a: contribute_once(
            s.office.node,
            a,
            Giving(title="new", drafts=[draft("9", name="Ann")], handlings={"own": s.office.handling()}),
        ),
    ),
    make_token: ("token_manage", lambda s, a: make_token(s.office.node, a, name="import", acts=("day_read",))),
    list_tokens: ("token_manage", lambda s, a: list_tokens(s.office.node, a)),
    end_token: ("token_manage", lambda s, a: end_token(s.office.node, a, s.check)),
    keep_standing_check: (
        "standing_check",
        lambda s, a: keep_standing_check(s.office.node, a, Question(text="Jan Vermeulen"), "2026-12-31"),
    ),
    keep_check_standing: ("standing_check", lambda s, a: keep_check_standing(s.office.node, a, s.check, "2026-12-31")),
    standing_checks: ("standing_check", lambda s, a: standing_checks(s.office.node, a)),
    look_at_standing: ("standing_check", lambda s, a: look_at_standing(s.office.node, a)),
    end_standing_check: ("standing_check", lambda s, a: end_standing_check(s.office.node, a, s.check)),
    forget_earlier_checks: ("standing_check", lambda s, a: forget_earlier_checks(s.office.node, a)),
    check_lines: ("check_batch", lambda s, a: check_lines(s.office.node, a, "Jan Vermeulen")),
    answers_csv: ("check", lambda s, a: answers_csv(s.office.node, a, [s.check])),
    answer_again: ("check", lambda s, a: answer_again(s.office.node, a, s.check)),
    checks_made: ("check", lambda s, a: checks_made(s.office.node, a)),
    check_of_hit: ("verdict", lambda s, a: check_of_hit(s.office.node, a, s.hit)),
    feedback: ("feedback_read", lambda s, a: feedback(s.office.node, a)),
    feedback_on: ("feedback_read", lambda s, a: feedback_on(s.office.node, a, s.contribution)),
    my_day: ("day_read", lambda s, a: my_day(s.office.node, a)),
    jump: ("day_read", lambda s, a: jump(s.office.node, a, s.record, {})),
    reviews_due: ("notices_read", lambda s, a: reviews_due(s.office.node, a)),
    state_again: ("contribute", lambda s, a: state_again(s.office.node, a, s.record, review_on="2026-12-31")),
    name_deputy: (
        "deputy_set",
        lambda s, a: name_deputy(s.office.node, a, OfficerId(f"{NL}/liaison_officer"), "2026-07-31"),
    ),
    deputies: ("deputy_set", lambda s, a: deputies(s.office.node, a)),
    colleagues: ("deputy_set", lambda s, a: colleagues(s.office.node, a)),
    end_deputy: ("deputy_set", lambda s, a: end_deputy(s.office.node, a, OfficerId(f"{NL}/liaison_officer"))),
    hand_over: ("deputy_set", lambda s, a: hand_over(s.office.node, a, OfficerId(f"{NL}/liaison_officer"))),
    notices: ("notices_read", lambda s, a: notices(s.office.node, a)),
    entries_of_authority: ("ledger_read", lambda s, a: entries_of_authority(s.office.node, a)),
    entries_page: ("ledger_read", lambda s, a: entries_page(s.office.node, a, EntryFilter())),
    export_entries: ("ledger_read", lambda s, a: export_entries(s.office.node, a, io.BytesIO())),
    verify_as: ("ledger_verify", lambda s, a: verify_as(s.office.node, a)),
    head_as: ("ledger_verify", lambda s, a: head_as(s.office.node, a)),
    count_queries: ("ledger_read", lambda s, a: count_queries(s.office.node, a, Wanted(), "day")),
    list_queries: ("ledger_read", lambda s, a: list_queries(s.office.node, a, Wanted())),
    query_patterns: ("ledger_read", lambda s, a: query_patterns(s.office.node, a, Wanted())),
    open_question: ("ledger_read", lambda s, a: open_question(s.office.node, a, s.check, "lawfulness")),
    draw_checks: (
        "second_look",
        lambda s, a: draw_checks(s.office.node, a, since="2026-06-16", until="2026-06-16", size=1),
    ),
    second_looks: ("second_look", lambda s, a: second_looks(s.office.node, a)),
    look_again: ("second_look", lambda s, a: look_again(s.office.node, a, s.check)),
    record_finding: ("second_look", lambda s, a: record_finding(s.office.node, a, s.check, "in_order")),
    explanations_asked: ("check", lambda s, a: explanations_asked(s.office.node, a)),
    explain_check: ("check", lambda s, a: explain_check(s.office.node, a, s.check, "seen on the spot")),
    search_person: (
        "person_export",
        lambda s, a: search_person(s.office.node, a, Asked(names=("Jan Vermeulen",))),
    ),
    export_person: ("person_export", lambda s, a: export_person(s.office.node, a, Choice(records=(s.record,)))),
    authorities_to_consult: ("person_export", lambda s, a: authorities_to_consult(s.office.node, a, [s.record])),
    write_letter: ("person_export", lambda s, a: write_letter(s.office.node, a, outcome="absent", request="1")),
    erasures: ("erase", lambda s, a: erasures(s.office.node, a)),
    plan_of_record: ("erase", lambda s, a: plan_of_record(s.office.node, a, s.record)),
    plan_of_question: ("erase", lambda s, a: plan_of_question(s.office.node, a, s.check)),
    propose_authority: ("authority_manage", lambda s, a: propose_authority(s.office.node, a, _authority(s))),
    propose_membership: ("authority_manage", lambda s, a: propose_membership(s.office.node, a, "joined", FR)),
    consent: ("authority_manage", lambda s, a: consent(s.office.node, a, s.proposals[0])),
    refuse: ("authority_manage", lambda s, a: refuse(s.office.node, a, s.proposals[1], "no")),
    withdraw_proposal: ("authority_manage", lambda s, a: withdraw_proposal(s.office.node, a, s.proposals[2])),
    begin_first_account: ("authority_manage", lambda s, a: begin_first_account(s.office.node, a, s.proposals[3])),
    proposals_of: ("authority_manage", lambda s, a: proposals_of(s.office.node, a)),
    communities_of: ("authority_manage", lambda s, a: communities_of(s.office.node, a)),
    leave_community: ("authority_manage", lambda s, a: leave_community(s.office.node, a, "joined")),
    add_officer: ("officer_manage", lambda s, a: add_officer(s.office.node, a, _NEW)),
    change_officer: (
        "officer_manage",
        lambda s, a: change_officer(s.office.node, a, OfficerId(f"{NL}/analyst"), cases=()),
    ),
    officers_of: ("officer_manage", lambda s, a: officers_of(s.office.node, a)),
    leaving_of: ("officer_manage", lambda s, a: leaving_of(s.office.node, a, OfficerId(f"{NL}/front_line_officer"))),
    begin_account: ("officer_manage", lambda s, a: begin_account(s.office.node, a, OfficerId(f"{NL}/analyst"))),
    end_access: ("officer_manage", lambda s, a: end_access(s.office.node, a, OfficerId(f"{NL}/front_line_officer"))),
    take_up_again: (
        "officer_manage",
        lambda s, a: take_up_again(s.office.node, a, OfficerId(f"{NL}/front_line_officer")),
    ),
    propose_agreement: ("agreement_manage", lambda s, a: propose_agreement(s.office.node, a, _agreement())),
    agreements_of: ("agreement_manage", lambda s, a: agreements_of(s.office.node, a)),
    end_agreement: ("agreement_manage", lambda s, a: end_agreement(s.office.node, a, "nl-ec")),
    edit_entry: ("directory_confirm", lambda s, a: edit_entry(s.office.node, a, EntryChanges(contact="desk"))),
    confirm_entry: ("directory_confirm", lambda s, a: confirm_entry(s.office.node, a)),
}

# The directory of authorities holds nothing that anybody gave: every officer whose access lasts may look there.
OPEN_TO_ALL = {directory_entries, directory_entry}


def test_no_use_case_is_forgotten() -> None:
    found = set()
    folder = Path(next(iter(alidade.services.__path__)))
    parts = ("", "threads/", "exchange/", "picture/", "programme/")
    for path in (each for part in parts for each in folder.glob(f"{part}*.py")):
        for item in ast.parse(path.read_text()).body:
            if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                names = [argument.arg for argument in item.args.args]
                # with a transaction or a view that is open it is a step of a use case, without a node a rule
                if {"node", "actor"} <= set(names) and not {"tx", "view"} & set(names):
                    found.add(item.name)
    assert found == {use_case.__name__ for use_case in {*USE_CASES, *OPEN_TO_ALL}}


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
    for use_case, (act, call) in USE_CASES.items():
        admin = office.officer(NL, "administrator")  # anew: leaving a community is a change of rights
        if act in words().roles["administrator"].acts:
            try:
                shown = repr(call(scene, admin))
            except NotFound as nothing:  # another officer's token
                shown = repr(nothing)
            assert "Vermeulen" not in shown, use_case.__name__
        else:
            with pytest.raises(NotAllowed):
                call(scene, admin)
