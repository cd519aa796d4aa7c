"""A small procedure, and parties who play procedures step by step, each from what he has seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alidade.clocks import ClockState, load_clocks, state_of
from alidade.model.ids import AuthorityId
from alidade.procedures import Course, Definition, Opened, Step, Value, course_of, load_catalogue, moment_text

ANNA, BERT, CLEO, DORA = (AuthorityId(name) for name in ("aa-asker", "bb-answerer", "cc-copy", "dd-stranger"))
THREAD = "f" * 32
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def text(word: str) -> dict[str, str]:
    return dict.fromkeys(("en", "fr", "es", "pt"), word)


def small() -> dict[str, Any]:
    """A question with answer, refusal, delay and an end; everything that the checks look at is in order."""
    return {
        "code": "question",
        "version": 1,
        "title": text("Question"),
        "purpose": text("Ask something"),
        "source": "House",
        "date": "2026-11-22",
        "verified": False,
        "roles": [{"code": "asker", "label": text("Asker")}, {"code": "answerer", "label": text("Answerer")}],
        "lists": {"refusal": [{"code": "busy", "label": text("Busy")}, {"code": "secret", "label": text("Secret")}]},
        "forms": [
            {
                "code": "ask",
                "title": text("Ask"),
                "fields": [
                    {"code": "what", "type": "long_text", "label": text("What"), "required": True, "max_words": 20},
                    {"code": "urgent", "type": "boolean", "label": text("Urgent"), "required": True},
                    {"code": "copy_for", "type": "authority", "label": text("Copy")},
                ],
            },
            {
                "code": "answer",
                "title": text("Answer"),
                "fields": [{"code": "reply", "type": "text", "label": text("Reply"), "required": True}],
            },
            {
                "code": "delay",
                "title": text("Delay"),
                "fields": [{"code": "new_end", "type": "moment", "label": text("New end"), "required": True}],
            },
        ],
        "opening": {
            "by": ["asker"],
            "form": "ask",
            "to_state": "asked",
            "verb": text("Ask"),
            "copies": [{"field": "copy_for"}],
        },
        "states": [
            {"code": "asked", "label": text("Asked"), "turn": "answerer"},
            {"code": "answered", "label": text("Answered"), "turn": "asker"},
            {"code": "closed", "label": text("Closed"), "final": True},
        ],
        "transitions": [
            {
                "code": "answer",
                "key": "a",
                "verb": text("Answer"),
                "by": ["answerer"],
                "from_states": ["asked"],
                "to_state": "answered",
                "form": "answer",
                "effects": [{"code": "attach_contribution"}],
            },
            {
                "code": "refuse",
                "key": "r",
                "verb": text("Refuse"),
                "by": ["answerer"],
                "from_states": ["asked"],
                "to_state": "closed",
                "reasons": "refusal",
                "reason_required": True,
                "four_eyes": True,
            },
            {
                "code": "delay",
                "key": "d",
                "verb": text("Delay"),
                "by": ["answerer"],
                "from_states": ["asked"],
                "form": "delay",
                "note_required": True,
            },
            {
                "code": "close",
                "key": "k",
                "verb": text("Close"),
                "by": ["asker"],
                "from_states": ["asked", "answered"],
                "to_state": "closed",
            },
        ],
        "clocks": [
            {
                "code": "reply",
                "label": text("Reply"),
                "owed_by": "answerer",
                "choices": [
                    {"clock": "police_request_urgent_direct", "when": {"field": "urgent", "is": [True]}},
                    {"clock": "police_request_other"},
                ],
                "events": [
                    {"on": "received", "does": "start", "by": "answerer"},
                    {"on": "delay", "does": "overrun", "until": "new_end"},
                    {"on": "answer", "does": "stop"},
                    {"on": "refuse", "does": "stop"},
                    {"on": "close", "does": "stop"},
                ],
            }
        ],
        "products": [{"code": "letter", "title": text("Letter"), "steps": ["open", "answer"]}],
        "statistics": [
            {"code": "asked", "label": text("Asked"), "count": "threads", "as_role": "asker", "by": ["urgent"]},
            {
                "code": "refused",
                "label": text("Refused"),
                "count": "steps",
                "as_role": "answerer",
                "of": ["refuse"],
                "by": ["reason", "state_of:asker", "month"],
            },
        ],
    }


SMALL = json.dumps(small(), indent=1)


@dataclass
class Play:
    """A thread in which everybody sees everything at once; time goes by as the test says."""

    definition: Definition
    parties: Mapping[AuthorityId, str]
    steps: list[Step] = field(default_factory=list)
    now: datetime = MONDAY

    @property
    def course(self) -> Course:
        return course_of(self.definition, self.steps)

    def after(self, **length: float) -> Play:
        self.now += timedelta(**length)
        return self

    def take(self, author: AuthorityId, code: str, values: Mapping[str, Value] | None = None, **more: Any) -> Course:
        """One step; asserts that it took effect, unless `why` says why it does not."""
        why = more.pop("why", "")
        course = self.course
        step = Step(
            thread=THREAD,
            author=author,
            number=course.next_number(author),
            seen=more.pop("seen", course.seen_by(author)),
            code=code,
            at=moment_text(self.now),
            officer="one",
            values=values or {},
            **more,
        )
        self.steps.append(step)
        course = self.course
        placed = next(each for each in course.steps if each.step == step)
        assert placed.why == why
        return course

    def open(self, values: Mapping[str, Value], **more: Any) -> Play:
        """The opening by the first party, and the receipt by every other one a minute later."""
        opener, *others = self.parties
        self.take(opener, "open", values, opened=opened(self.definition, self.parties), **more)
        for each in others:
            self.after(minutes=1).take(each, "received")
        return self

    def clock(self, number: int = 0) -> ClockState:
        """How a deadline of the thread stands now."""
        course = self.course
        running = course.clocks[number]
        definition = course.definition.all_clocks(load_clocks())[running.clock]
        return state_of(definition, running.events, self.now, zone=ZoneInfo("Europe/Brussels"))


def opened(definition: Definition, parties: Mapping[AuthorityId, str]) -> Opened:
    return Opened(
        procedure=definition.code, version=definition.version, parties=dict(parties), title="A matter between two"
    )


def play(code: str, first: str, second: str) -> Play:
    """A thread of a procedure of the catalogue between Anna's and Bert's authorities."""
    return Play(definition=load_catalogue().newest(code), parties={ANNA: first, BERT: second})
