"""The walk over every address, as every role, with what is one's own, another authority's, and what is not there.

Another's and an absent thing give the same bytes and the same status; what a role may not open is the page of an
address that leads nowhere; and nothing gives an error that nobody foresaw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest
from django.test import Client
from django.urls import URLPattern
from personas import DE, FR, NL, ROLES, VE, Office, OfficeFactory, draft, template
from programme_roles import ASKED, LETTER, MEETING, paper
from thread_cases import opening, request

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.services import serving
from alidade.services.consent import propose_membership
from alidade.services.drafts import save_draft
from alidade.services.finding import Question
from alidade.services.giving_form import GivingForm
from alidade.services.job_orders import order_job
from alidade.services.picture.chart import named
from alidade.services.picture.chart_state import ChartState
from alidade.services.picture.charts import keep_chart
from alidade.services.picture.dossier_state import Dossier, Member
from alidade.services.picture.dossiers import make_dossier
from alidade.services.picture.judging import judge
from alidade.services.picture.nominations import hold_matching
from alidade.services.picture.products import issue_product
from alidade.services.picture.question_keeping import keep_question
from alidade.services.picture.question_terms import PictureQuestion, encode_question
from alidade.services.picture.standing_questions import make_question_standing
from alidade.services.programme.accepting import propose
from alidade.services.programme.evaluations import BeginOrder, PlannedVisit, begin_evaluations
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import keep_paper
from alidade.services.programme.reports import ReportOrder, freeze, keep_meeting
from alidade.services.programme.rounds import hold_round
from alidade.services.second_look import draw_checks
from alidade.services.standing import keep_standing_check
from alidade.services.threads.attachments import begin_attachment
from alidade.services.threads.drafts import save_draft as save_step
from alidade.services.threads.opening import open_thread
from alidade.services.threads.view import StepOrder
from alidade.services.tokens import make_token
from alidade.services.uploads import receive
from alidade.web import urls
from alidade.web.rooms.rights import reference_of

Visit = Callable[..., Client]
ABSENT = "5f0c2a9be17d4438a6d0f1c27be94a13"
LIST = b"name,birth date,phone\nAnna Invented,1980-02-01,+31612345678\n"

# What the reference in an address speaks of, by the name of the page, or of all pages that begin so.
SPEAKS_OF = {
    "check.": "check", "hits.": "hit", "standing.": "standing", "queries.question": "check",
    "second-look.check": "drawn", "erasures.record": "record", "erasures.check": "check", "feedback.one": "gift",
    "contributions.": "gift", "contribute.": "draft", "import.file": "upload", "import.job": "job",
    "import.rejects": "job", "records.": "record", "record": "record", "consent.": "proposal", "rights.": "officer",
    "tokens.end": "token", "directory.entry": "authority", "thread.draft": "step draft", "thread.compose": "procedure",
    "chart": "chart", "dossiers.round-close": "matching", "dossiers.take-back": "matching",
    "dossiers.product": "product", "dossier": "dossier", "entity.take-back": "judgement", "entity": "record",
    "judgements.confirm": "judgement", "judgements.revoke": "judgement", "judgements.stop": "job",
    "judgements.": "record", "paper.": "paper draft", "picture.take-out": "sight", "programme.meeting": "meeting",
    "analysis.round": "round", "analysis.": "paper",
    "programme.": "paper", "measure": "paper", "report.": "report", "question.run": "question run",
    "question.standing": "standing question", "question.": "question", "evaluation": "evaluation",
    "round.thread": "round thread", "round.take": "round thread", "round": "round",
    "thread.follow": "closed hit", "thread.file-": "file", "thread.": "thread", "thread": "thread",
}  # fmt: skip
OPEN_TO_ALL = {"authority", "procedure", "sight"}  # the directory and the catalogues are for everybody
NOT_WALKED = {"mfa_remove_webauthn", "mfa_edit_webauthn"}  # of the library; each looks for the key among one's own


@dataclass(frozen=True, slots=True)
class Stop:
    """One address of the walk."""

    name: str
    route: str
    act: str | None

    @property
    def kind(self) -> str:
        """What the reference in the address speaks of; empty where there is none."""
        if "<" not in self.route:
            return ""
        return next(kind for begin, kind in SPEAKS_OF.items() if self.name == begin or self.name.startswith(begin))

    def address(self, reference: str) -> str:
        """The address with this reference in it."""
        return "/" + re.sub(r"<[^>]+>", reference, self.route)


def stops() -> list[Stop]:
    """Every address of our pages."""
    found = []
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name not in NOT_WALKED:
            found.append(Stop(pattern.name, str(pattern.pattern), getattr(pattern.callback, "act", None)))
    return found


STOPS = stops()
DOORS = [stop for stop in STOPS if stop.act is not None]
WITH_REFERENCE = [stop for stop in STOPS if stop.kind and stop.kind not in OPEN_TO_ALL]


class Things:
    """One thing of each kind, of the officer's own authority and of another's, which he may not see."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.own = self._of(NL)
        self.foreign = self._of(DE)

    def _of(self, who: str) -> dict[str, str]:
        office, node = self.office, self.office.node
        propose_membership(node, office.officer(who, "administrator"), f"otf-{who}")  # founded by its first member
        proposal = propose_membership(node, office.officer(who, "administrator"), f"otf-{who}", AuthorityId(VE))
        closed = office.handling(who, communities=(), hit="silent")
        given = office.give(draft(f"{who} 1", name="Jan Vermeulen", phone="+31612345678"), by=who, handling=closed)
        answer = office.ask(who, "Jan Vermeulen")
        officer = office.officer(who)
        kept = keep_standing_check(node, officer, Question(text="Jan Vermeulen"), "2026-12-01")
        day = office.clock.now().date().isoformat()
        supervisor = office.officer(who, "data_protection_officer")
        draw_checks(node, supervisor, since=day, until=day, size=1)
        upload = receive(node, officer, [LIST])
        return {
            **self._pieces(who, given.records[f"{who} 1"], closed),
            **self._programme(who),
            "record": given.records[f"{who} 1"],
            "gift": str(given.contribution),
            "check": answer.check,
            "hit": answer.hits[0].reference,
            "standing": kept.standing.reference,
            "drawn": answer.check,
            "draft": save_draft(node, officer, GivingForm(title="begun")),
            "upload": upload.reference,
            "job": upload.reference,
            "proposal": proposal.reference,
            "token": make_token(node, officer, name="program", acts=["check"]).token.id,
            "officer": reference_of(officer.officer),
            "authority": who,
            "procedure": "information_request",
            "thread": (thread := request(office, by=who, to=FR)),
            "step draft": save_step(node, officer, StepOrder(code="message"), thread=thread),
            "file": begin_attachment(node, officer, name="n.txt", size=5, sha256="0" * 64).reference,
            "closed hit": self._closed_hit(who),
        }

    def _pieces(self, who: str, record: str, closed: Handling) -> dict[str, str]:
        """What an authority has drawn, asked, judged and written."""
        node, officer = self.office.node, self.office.officer(who)
        other = self.office.give(draft(f"{who} 2", name="Piet Hein"), by=who, handling=closed).records[f"{who} 2"]
        asked = PictureQuestion(things=("Vessel",))
        question = keep_question(node, officer, asked, "Vessels", handling=closed).piece
        with node.store.transaction() as tx:
            run = order_job(tx, officer, "question", encode_question(asked), total=2)
        dossier = make_dossier(node, officer, Dossier(names=("Ring",), members=(Member(record=record),)), closed)
        of_round = self.office.handling(who, communities=(), content="non_personal")
        product = issue_product(
            node, officer, dossier, title="Paper", above="Above.", below="", handling=closed, version=1
        )
        return {
            "judgement": judge(node, officer, record, other, "same", "same phone", closed),
            "chart": keep_chart(node, officer, ChartState(starts=named([record])), "Ring", handling=closed).piece,
            "question": question,
            "standing question": make_question_standing(node, officer, question, "2026-12-01"),
            "question run": run,
            "dossier": dossier,
            "product": product if isinstance(product, str) else product.piece,
            "matching": hold_matching(node, officer, "Networks 2026", "2026-12-01", of_round),
            "sight": "map",
        }

    def _programme(self, who: str) -> dict[str, str]:
        """What an authority keeps of the follow-up, for itself alone."""
        node, officer = self.office.node, self.office.officer(who, "policy_officer")
        own = default_handling(node, AuthorityId(who), communities=())
        kept = keep_paper(node, officer, paper(), own)
        order = ReportOrder(template="progress_report", instrument=kept, language="en")
        asked = hold_round(node, officer, msgspec.structs.replace(ASKED, asked=(FR,)), own)
        visits = BeginOrder(round=asked, title={"en": "Visits"}, visits=[PlannedVisit(state="FRA")])
        return {
            "paper": kept,
            "paper draft": propose(node, officer, LETTER, "letter.txt", "en"),
            "round": hold_round(node, officer, msgspec.structs.replace(ASKED, asked=(who,)), own),
            "round thread": open_thread(
                node, self.office.officer(who), opening(self.office, "questionnaire_round", by=who, to=FR)
            ).thread,
            "evaluation": begin_evaluations(node, officer, visits)[0],
            "meeting": keep_meeting(node, officer, MEETING, own),
            "report": freeze(node, officer, order, own),
        }

    def _closed_hit(self, who: str) -> str:
        """A hit without content of one authority's check."""
        self.office.give(
            draft(f"{who} closed", name=f"Otto Kunz {who}"), by=FR, handling=self.office.handling(FR, communities=())
        )
        return self.office.ask(who, f"Otto Kunz {who}").without_content[0].reference


def _bytes(answer: object, *references: str) -> tuple[int, str, bytes]:
    """Status, target and body, without what is new in every answer."""
    content = getattr(answer, "content", b"")
    content = re.sub(rb'name="(csrfmiddlewaretoken|onward)" value="[^"]*"', b"", content)  # his own, in each answer
    where = getattr(answer, "headers", {}).get("Location", "")
    for reference in references:
        content = content.replace(reference.encode(), b"REFERENCE").replace(reference[:8].encode(), b"REF")
        where = where.replace(reference, "REFERENCE")
    return getattr(answer, "status_code", 0), where, content


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Things]:
    """The node of this walk, made once: what is sent on the walk is empty and changes nothing."""
    with OfficeFactory(template(tmp_path_factory), tmp_path_factory.mktemp("walk"), "walk")() as office:
        serving.serve(office.node)
        yield Things(office)
        serving.serve(None)


@pytest.mark.parametrize("role", ROLES)
def test_anothers_and_absent_are_the_same_bytes(things: Things, arrive: Visit, role: str) -> None:
    client = arrive(NL, role)
    for stop in WITH_REFERENCE:
        own, foreign = things.own[stop.kind], things.foreign[stop.kind]
        assert client.get(stop.address(own)).status_code < 500, stop.name
        for method in (client.get, client.post):
            client.get("/nothing/here/")  # what an earlier act left to be told is told here
            of_another = _bytes(method(stop.address(foreign)), foreign)
            not_there = _bytes(method(stop.address(ABSENT)), ABSENT)
            assert of_another == not_there, (stop.name, role, method.__name__)
            assert of_another[0] < 500, (stop.name, role, of_another[0])
            assert b"Vermeulen" not in of_another[2], stop.name


@pytest.mark.parametrize("role", ROLES)
def test_a_page_that_a_role_may_not_open_is_absent(things: Things, arrive: Visit, role: str) -> None:
    client = arrive(NL, role)
    nowhere = _bytes(client.get("/nothing/here/"))
    acts = things.office.vocabulary.roles[role].acts
    closed = [stop for stop in DOORS if stop.act not in acts]
    assert closed
    for stop in closed:
        for method in (client.get, client.post):
            assert _bytes(method(stop.address(ABSENT))) == nowhere, (stop.name, role)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_without_a_reference_answers(things: Things, arrive: Visit, role: str) -> None:
    client = arrive(NL, role)
    for stop in STOPS:
        if not stop.kind:
            assert client.get(stop.address("")).status_code < 500, stop.name
            if stop.name not in {"account_logout"}:
                assert client.post(stop.address("")).status_code < 500, stop.name


def test_nothing_but_the_entrance_answers_without_sign_in(things: Things) -> None:
    open_names = {"health", "health.live", "health.ready", "help", "language"}
    client = Client()
    for stop in STOPS:
        answer = client.get(stop.address(ABSENT))
        entrance = stop.name.startswith(("account_", "mfa_")) or stop.name in open_names
        assert entrance or answer.status_code in (302, 404, 405), (stop.name, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"].startswith(("/sign-in/", "/my-day/", "/begin/", "/")), stop.name


def test_nothing_personal_is_shown_before_purpose_and_case(things: Things, arrive: Visit) -> None:
    client = arrive(NL, grounds=False)
    for stop in STOPS:
        reference = things.own.get(stop.kind, ABSENT)
        assert b"Vermeulen" not in client.get(stop.address(reference)).content, stop.name
