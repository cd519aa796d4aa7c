"""Translations of replies: the original stays, nothing is published before a person who may has approved it."""

from __future__ import annotations

import msgspec
import pytest
from neighbours import asked, policy, reply
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.programme.register import Instrument, Measure
from alidade.programme.rounds import Part
from alidade.programme.translation import digest
from alidade.services.programme.register import keep_paper
from alidade.services.programme.reports import ReportOrder, drafted
from alidade.services.programme.rounds import answer_round, answer_to_fill, hold_round, read_round
from alidade.services.programme.translating import replies, rule_on_translation, translate, translations_waiting

WORDS, ENGLISH = "Ein Gesetz vom Mai.", "A law of May (machine words)."


@pytest.fixture
def answer(office: Office) -> str:
    """An answer in a language of its own to a round of the Dutch police; who may see the round sees it."""
    paper = Instrument(
        number="13/2019", kind="recommendations", title={"en": "Lisbon"},
        measures=tuple(Measure(key=key, title={"en": f"Recommendation {key}"}) for key in ("1a", "1b")),
    )  # fmt: skip
    kept = keep_paper(office.node, policy(office), paper)
    round_ = hold_round(office.node, policy(office), asked(instrument=kept))
    return answer_round(office.node, policy(office, DE), said(round_))[0]


def said(round_: str, words: str = WORDS, **more: object):
    part = Part(question="1a", kind="done", text={"pt": words}, good_practice={"pt": "Uma lei."})
    return msgspec.structs.replace(reply(round_), parts=(part,), **more)


def round_of(office: Office) -> str:
    from alidade.services.programme.rounds import rounds

    (line,) = rounds(office.node, policy(office))
    return line.kept.reference


def english(office: Office, answer: str, who: str = DE, text: str = ENGLISH) -> str:
    return translate(
        office.node, policy(office, who), answer, question="1a", field="text", language="en", text=text,
        made="machine",
    )  # fmt: skip


def shown(office: Office, who: str = FR) -> dict[str, str]:
    part = read_round(office.node, policy(office, who), round_of(office)).cells["DEU", "1a"].part
    assert part is not None
    return part.text


def reported(office: Office) -> str:
    held = read_round(office.node, policy(office), round_of(office)).kept.body
    order = ReportOrder(template="state_report", instrument=held.instrument, language="en", state="DEU")
    return msgspec.json.encode(drafted(office.node, policy(office), order)).decode()


@pytest.mark.parametrize("who", [DE, NL])
def test_it_is_published_when_a_person_who_may_has_approved_it(office: Office, answer: str, who: str) -> None:
    reference = english(office, answer)
    assert shown(office) == {"pt": WORDS}
    assert ENGLISH not in reported(office)
    rule_on_translation(office.node, policy(office, who), reference, approve=True, of=digest(ENGLISH))
    assert shown(office) == {"pt": WORDS, "en": ENGLISH}
    assert ENGLISH in reported(office)
    _, going_on = answer_to_fill(office.node, policy(office, DE), round_of(office))
    assert going_on.parts[0].text == {"pt": WORDS}


def test_who_has_no_part_in_it_neither_translates_nor_approves(office: Office, answer: str) -> None:
    reference = english(office, answer)
    with pytest.raises(NotFound):
        english(office, answer, FR)
    with pytest.raises(NotFound):
        rule_on_translation(office.node, policy(office, FR), reference, approve=True, of=digest(ENGLISH))
    with pytest.raises(NotAllowed):
        rule_on_translation(office.node, office.officer(DE, "analyst"), reference, approve=True, of=digest(ENGLISH))
    assert shown(office) == {"pt": WORDS}


def test_what_waits_is_listed_for_those_who_may_rule(office: Office, answer: str) -> None:
    reference = english(office, answer, NL)
    listed = {
        who: [one.kept.reference for _, _, one in translations_waiting(office.node, policy(office, who))]
        for who in (NL, DE, FR)
    }
    assert listed == {NL: [reference], DE: [reference], FR: []}
    rule_on_translation(office.node, policy(office, DE), reference, approve=False, of=digest(ENGLISH), reason="wrong")
    assert translations_waiting(office.node, policy(office, NL)) == []
    assert shown(office) == {"pt": WORDS}
    (line, other) = replies(office.node, policy(office, FR), round_of(office)).said
    assert (line.field, line.texts, line.translations[0].standing) == ("text", {"pt": WORDS}, "refused")
    assert not line.translations[0].rules
    assert (other.field, other.translations) == ("good_practice", [])
    english(office, answer, text="A law of May.")
    assert len(translations_waiting(office.node, policy(office, NL))) == 1


def test_when_the_original_changes_the_translation_is_outdated(office: Office, answer: str) -> None:
    reference = english(office, answer)
    rule_on_translation(office.node, policy(office, DE), reference, approve=True, of=digest(ENGLISH))
    answer_round(office.node, policy(office, DE), said(round_of(office), "Kein Gesetz."), version=1)
    assert shown(office) == {"pt": "Kein Gesetz."}
    (line, _) = replies(office.node, policy(office, NL), round_of(office)).said
    assert (line.translations[0].standing, line.translations[0].rules) == ("outdated", False)
    with pytest.raises(Conflict):
        rule_on_translation(office.node, policy(office, DE), reference, approve=True, of=digest(ENGLISH))


def test_what_was_not_looked_at_is_not_approved(office: Office, answer: str) -> None:
    reference = english(office, answer)
    with pytest.raises(Conflict):
        rule_on_translation(office.node, policy(office, DE), reference, approve=True, of=digest("other words"))
    with pytest.raises(Invalid, match="needs a reason"):
        rule_on_translation(office.node, policy(office, DE), reference, approve=False, of=digest(ENGLISH))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"language": "pt"}, "already"),
        ({"language": "xx"}, "as it is"),
        ({"text": " "}, "as it is"),
        ({"text": "word " * 401}, "401 words"),
        ({"question": "1b"}, "no words here"),
        ({"field": "training_need"}, "no words here"),
        ({"field": "kind"}, "no words here"),
    ],
)
def test_what_cannot_be_a_translation_is_refused(
    office: Office, answer: str, more: dict[str, str], message: str
) -> None:
    given = {"question": "1a", "field": "text", "language": "en", "text": "A law.", "made": "person"} | more
    with pytest.raises(Invalid, match=message):
        translate(office.node, policy(office, DE), answer, **given)


def test_what_is_for_the_holder_alone_stays_so_in_every_language(office: Office, answer: str) -> None:
    answer_round(office.node, policy(office, DE), said(round_of(office), publish=False), version=1)
    reference = english(office, answer, NL)
    rule_on_translation(office.node, policy(office, NL), reference, approve=True, of=digest(ENGLISH))
    assert replies(office.node, policy(office, FR), round_of(office)).said == []
    assert shown(office, NL)["en"] == ENGLISH
