"""What there is of one authority's in the follow-up, for others to ask after in vain: all of it for itself alone."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import msgspec
from personas import FR, Office

from alidade.model.ids import AuthorityId
from alidade.programme.agenda import Meeting
from alidade.programme.reading import read_paper
from alidade.programme.register import Entry, Instrument, Measure
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.accepting import KIND
from alidade.services.programme.evaluations import BeginOrder, PlannedVisit, begin_evaluations
from alidade.services.programme.forms import form_workbook
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper
from alidade.services.programme.reports import ReportOrder, freeze, keep_meeting
from alidade.services.programme.rounds import hold_round
from alidade.store.drafts import keep_draft

LETTER = (
    b"ACTION PLAN\n\nAction 1: Seal containers\n\nContainers should be sealed by 30 June 2027.\n\n"
    b"Action 2: Visit ports\n\nPorts should be visited together.\n"
)
QUESTIONS = (Question(key="1", measure="1", text={"en": "What was done?"}),)


def paper(number: str, keys: str = "1") -> Instrument:
    """A paper with a measure for each letter."""
    measures = tuple(Measure(key=key, title={"en": f"Measure {key}"}) for key in keys)
    return Instrument(number=number, kind="action_plan", title={"en": "Ports"}, measures=measures)


def asked(instrument: str, *authorities: str) -> Round:
    """A round of one question."""
    return Round(
        title={"en": "Follow-up"}, instrument=instrument, questions=QUESTIONS, asked=authorities,
        opens=dt.date(2026, 6, 1), cut_off=dt.date(2026, 7, 1),
    )  # fmt: skip


def filled_form(round_: str, kind: str = "done", state: str = "NLD") -> bytes:
    """The workbook of such a round, its question answered."""
    answer = Answer(round=round_, state=state, parts=(Part(question="1", kind=kind),))
    return form_workbook(asked(""), answer, "en")


@lru_cache(maxsize=1)
def _read() -> bytes:
    return msgspec.msgpack.encode(read_paper(LETTER, "paper.txt"))


def programme_things(office: Office, owner: str) -> dict[str, str]:
    """References of everything; the proposals wait for the policy officer of the owner."""
    node, writer = office.node, office.officer(owner, "policy_officer")
    closed = default_handling(node, AuthorityId(owner), communities=())
    released = msgspec.structs.replace(
        default_handling(node, AuthorityId(FR), communities=()), released_to=(AuthorityId(owner),)
    )
    kept, earlier = (keep_paper(node, writer, paper(f"{number}/26"), closed) for number in (10, 5))
    entry = Entry(instrument=kept, measure="1", kind="status", status="under_way")
    other = office.officer(FR, "policy_officer")
    theirs = Entry(instrument=keep_paper(node, other, paper("7/26"), released), measure="1", kind="status",
                   status="done")  # fmt: skip
    visits = BeginOrder(
        round=hold_round(node, writer, asked("", FR), closed), title={"en": "Visits"},
        visits=[PlannedVisit(state="FRA")],
    )  # fmt: skip
    order = ReportOrder(template="progress_report", instrument=kept, language="en")
    with node.store.transaction() as tx:
        proposals = keep_draft(tx, owner, str(writer.officer), KIND, _read())
    return {
        "paper": kept,
        "earlier": earlier,
        "said": add_entry(node, writer, entry, closed),
        "to_verify": add_entry(node, other, theirs, released),
        "proposals": proposals,
        "asked": hold_round(node, writer, asked(kept, owner), closed),
        "meeting": keep_meeting(node, writer, Meeting(title={"en": "Group"}, starts=dt.date(2026, 7, 1)), closed),
        "evaluation": begin_evaluations(node, writer, visits)[0],
        "report": freeze(node, writer, order, closed),
    }
