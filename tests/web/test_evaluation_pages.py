"""Mutual evaluations as pages: begun from a questionnaire, planned, drafted, commented, adopted, asked again."""

from __future__ import annotations

import datetime as dt

from personas import DE, FR, NL, Office

from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.evaluations import read_evaluation
from alidade.services.programme.rounds import answer_round, hold_round

TODAY = dt.date(2026, 6, 16)
DAY = dt.timedelta(days=1)
EN = {"en": "Which service leads?"}


def policy(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def asked(office: Office, *, answered: bool = True) -> str:
    """A questionnaire to Germany and France, answered by Germany."""
    held = hold_round(
        office.node,
        office.officer(NL, "policy_officer"),
        Round(
            title={"en": "Questionnaire"},
            questions=(Question(key="Q1", text=EN),),
            asked=(DE, FR),
            opens=TODAY - 30 * DAY,
            cut_off=TODAY - 3 * DAY,
        ),
    )
    if answered:
        answer = Answer(round=held, state="DEU", parts=(Part(question="Q1", kind="done"),), submitted=True)
        answer_round(office.node, office.officer(DE, "policy_officer"), answer)
    return held


def begun(office: Office, visit, *, answered: bool = True) -> str:
    """The address of the evaluation of Germany."""
    sent = {"round": asked(office, answered=answered), "title": "11th round", "state-DEU": "on", "do": "begin"}
    kept = policy(visit).post("/evaluations/new/", sent)
    assert kept.status_code == 302, kept.content.decode()
    return str(kept["Location"])


def text(answer) -> str:
    return answer.content.decode()


def stage(office: Office, place: str) -> str:
    reference = place.rstrip("/").rpartition("/")[2]
    return read_evaluation(office.node, office.officer(NL, "policy_officer"), reference).kept.body.stage


PLAN = {
    "visit_from": (TODAY - 3 * DAY).isoformat(),
    "visit_to": (TODAY - DAY).isoformat(),
    "who-0": f"a:{FR}",
    "field-0": "customs",
    "who-1": "s:ITA",
    "observers": "European Commission, Europol",
    "comments_by": (TODAY + 30 * DAY).isoformat(),
    "reason": "agreed",
}
DRAFT = {
    "document": "WK 1/26",
    "findings": "Lists are kept apart.\nProsecutors come late.",
    "good_practices": "Joint training.",
    "number-0": "1",
    "to-0": "visited",
    "text-0": "Keep one list.",
    "number-1": "2",
    "to-1": "body",
    "whom-1": "Europol",
    "text-1": "Offer a template.",
    "number-2": "3",
    "to-2": "others",
    "text-2": "Send liaison officers.",
}


def at_draft(office: Office, visit) -> str:
    place, holder = begun(office, visit), policy(visit)
    steps = (
        (f"{place}stage/", {"to": "answered", "reason": "in", "keep": "1"}),
        (f"{place}plan/", PLAN | {"keep": "1"}),
    )
    for address, sent in (
        *steps,
        (f"{place}stage/", {"to": "visit", "reason": "agreed", "keep": "1"}),
        (f"{place}draft/", DRAFT | {"keep": "1"}),
        (f"{place}stage/", {"to": "draft", "reason": "the team agrees", "keep": "1"}),
    ):
        done = holder.post(address, sent)
        assert done.status_code == 302, (address, text(done))
    return place


def test_the_list_shows_what_is_due_and_begins_from_a_questionnaire(office: Office, visit) -> None:
    assert "No State is being evaluated" in text(policy(visit).get("/evaluations/"))
    assert "holds no round of questions" in text(policy(visit).get("/evaluations/new/"))
    held = asked(office, answered=False)
    form = text(policy(visit).get(f"/evaluations/new/?round={held}"))
    assert 'name="state-FRA"' in form
    wrong = policy(visit).post("/evaluations/new/", {"round": held, "title": "11th round", "do": "begin"})
    assert (wrong.status_code, "11th round" in text(wrong), "No State is named" in text(wrong)) == (422, True, True)
    bad = {"round": held, "title": "T", "state-FRA": "on", "from-FRA": "tomorrow", "do": "begin"}
    assert policy(visit).post("/evaluations/new/", bad).status_code == 422
    both = {"round": held, "title": "11th round", "state-FRA": "on", "state-DEU": "on", "do": "begin"}
    assert policy(visit).post("/evaluations/new/", both)["Location"] == "/evaluations/"
    shown = text(policy(visit, DE).get("/evaluations/"))
    assert shown.index("Germany") < shown.index("France")  # both late since the same day
    assert "Answers to the questionnaire" in shown
    assert '<span class="late">late</span>' in shown
    assert "Begin an evaluation" not in text(visit(DE, "analyst").get("/evaluations/"))


def test_it_is_planned_drafted_commented_adopted_and_asked_again(office: Office, visit) -> None:
    place = at_draft(office, visit)
    holder, germany = policy(visit), policy(visit, DE)
    seen = text(germany.get(place))
    assert "Comment on the draft" in seen
    assert "Keep one list." in seen
    looked = germany.post(f"{place}comment/", {"text": "We agree.", "on-1": "A law is needed.", "look": "1"})
    assert "This will be kept" in text(looked)
    assert germany.post(f"{place}comment/", {"text": "", "keep": "1"}).status_code == 422
    kept = germany.post(f"{place}comment/", {"text": "We agree.", "on-1": "A law is needed.", "keep": "1"})
    assert kept["Location"] == place
    assert "A law is needed." in text(holder.get(place))
    adoption = {"day": TODAY.isoformat(), "number": "9428/26", "body": "COPEN", "reason": "adopted"}
    looked = text(holder.post(f"{place}adopt/", adoption | {"look": "1"}))
    assert "16 Dec 2027" in looked
    assert stage(office, place) == "draft"
    assert holder.post(f"{place}adopt/", adoption | {"keep": "1"})["Location"] == place
    assert stage(office, place) == "adopted"
    asked_again = {"to": "visited", "title": "Follow-up", "cut_off": "2027-12-16", "reason": "it is time"}
    looked = text(holder.post(f"{place}follow-up/", asked_again | {"look": "1"}))
    assert "Keep one list." in looked
    assert "Offer a template." not in looked
    assert holder.post(f"{place}follow-up/", asked_again | {"keep": "1"})["Location"] == place
    shown = text(policy(visit, FR).get(place))
    assert "no reply" in shown
    assert "WK 1/26" in shown
    assert "9428/26" in shown
    assert "Answer on the recommendations" in text(germany.get(place))
    assert holder.get(f"{place}draft/").status_code == 404
    calendar = text(policy(visit, FR).get("/calendar/"))
    assert f'href="{place}"' in calendar


def test_the_state_visited_and_others_find_no_page_that_moves_it(office: Office, visit) -> None:
    place = begun(office, visit)
    nowhere = {
        who: len(policy(visit, who).post("/evaluations/5f0c2a9be17d4438a6d0f1c27be94a13/stage/").content)
        for who in (DE, FR)
    }
    for part in ("stage", "plan", "adopt", "follow-up", "draft"):
        for who in (DE, FR):
            found = policy(visit, who).post(f"{place}{part}/", {"to": "answered", "reason": "x", "keep": "1"})
            assert (found.status_code, len(found.content)) == (404, nowhere[who]), (part, who)
    assert "To the next stage" not in text(policy(visit, DE).get(place))
    assert stage(office, place) == "questionnaire"
    assert visit(NL, "liaison_officer").get(f"{place}stage/").status_code == 404
    assert policy(visit, DE).get(f"{place}comment/").status_code == 404


def test_a_step_says_what_is_missing_and_keeps_what_was_typed(office: Office, visit) -> None:
    place = begun(office, visit, answered=False)
    form = text(policy(visit).get(f"{place}stage/"))
    assert "The State visited has answered the questionnaire" in form
    refused = policy(visit).post(f"{place}stage/", {"to": "answered", "reason": "hurry", "keep": "1"})
    assert refused.status_code == 422
    assert "Not everything is there" in text(refused)
    assert "hurry" in text(refused)
    assert policy(visit).post(f"{place}stage/", {"to": "answered", "reason": "", "keep": "1"}).status_code == 422
    looked = text(policy(visit).post(f"{place}plan/", PLAN | {"look": "1"}))
    assert "This will be kept" in looked
    assert "Italy" in looked
    assert "customs" in looked
    wrong = policy(visit).post(f"{place}plan/", PLAN | {"who-0": "s:DEU", "keep": "1"})
    assert (wrong.status_code, "State that is visited" in text(wrong)) == (422, True)
    assert "European Commission, Europol" in text(wrong)
    taken = policy(visit).post(f"{place}back/")
    assert taken["Location"] == "/evaluations/"
    assert policy(visit).get(place).status_code == 404


def test_a_draft_with_a_mistake_is_shown_again_as_typed(office: Office, visit) -> None:
    place = begun(office, visit)
    holder = policy(visit)
    holder.post(f"{place}stage/", {"to": "answered", "reason": "in", "keep": "1"})
    holder.post(f"{place}plan/", PLAN | {"keep": "1"})
    holder.post(f"{place}stage/", {"to": "visit", "reason": "in", "keep": "1"})
    wrong = holder.post(f"{place}draft/", DRAFT | {"number-1": "1", "keep": "1"})
    assert (wrong.status_code, "stands there twice" in text(wrong)) == (422, True)
    assert "Offer a template." in text(wrong)
    looked = text(holder.post(f"{place}draft/", DRAFT | {"look": "1"}))
    assert "all other States" in looked
    assert holder.post(f"{place}draft/", DRAFT | {"keep": "1"}).status_code == 302
    again = DRAFT | {"findings": "Lists are kept apart.\nProsecutors come too late.", "version": "1", "keep": "1"}
    assert holder.post(f"{place}draft/", again).status_code == 302
    stale = holder.post(f"{place}draft/", again)
    assert stale.status_code == 422
    shown = text(holder.get(place))
    assert "This is the draft." in shown
    assert "Prosecutors come too late." in shown
    assert "Prosecutors" not in text(policy(visit, DE).get(place))


def test_it_is_printed_as_it_is_seen(office: Office, visit) -> None:
    place = at_draft(office, visit)
    printed = text(policy(visit).get(f"{place}print/"))
    assert "data-print" in printed
    assert "Keep one list." in printed
    assert "nl-politie/policy_officer" in printed
    assert "unverified" in printed
