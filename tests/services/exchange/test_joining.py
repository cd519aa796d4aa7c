"""Joining: whoever is brought into a thread later, on another node, gets what was written before, from each author."""

from __future__ import annotations

from federation import DE, FR, NL, Place, settle
from thread_cases import request

from alidade.services.exchange.witnessing import status
from alidade.services.threads.inbox import inbox
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder


def test_a_party_that_joins_later_gets_the_earlier_steps(three: tuple[Place, Place, Place]) -> None:
    one, other, third = three
    settle(three)
    handling = one.office.handling(NL, communities=(), released_to=(FR,))
    thread = request(one.office, by=NL, to=DE, handling=handling)
    settle(three)
    take_step(one.node, one.office.officer(NL), thread, StepOrder(code="message", note="The lorry was blue."))
    settle(three)
    assert inbox(third.node, third.office.officer(FR), "all").lines == ()

    values = {"answer": "It belongs to a haulier.", "answer_spoc_copy": FR}
    take_step(other.node, other.office.officer(DE), thread, StepOrder(code="answer", values=values))
    settle(three)

    seen = read_thread(third.node, third.office.officer(FR), thread)
    at_home = read_thread(one.node, one.office.officer(NL), thread)
    assert [step.code for step in seen.steps if step.code not in ("received", "read")] == ["open", "message", "answer"]
    assert seen.state == at_home.state
    assert {(step.author, step.code) for step in at_home.steps if step.author == FR} == {(FR, "received")}
    assert all(status(each.node, each.admin()).parked == () for each in three)
