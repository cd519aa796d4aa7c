"""Threads at the command line: a request and its answer, the desk, papers; what is another's answers like nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from desk import ADMIN, ANALYST, CASE, DPO, GROUNDS, LIAISON, PORTUGUESE, Desk

ANSWERS = {
    "asked": "Who drove the lorry?",
    "facts": "Seen at the border.",
    "offence": "drugs",
    "belief": "It crosses there.",
    "about_somebody": False,
    "urgent": False,
    "sent_by_spoc": True,
    "europol_copy": False,
    "europol_declined_because": "not_useful",
}
BELGIAN = "be-customs/a.peeters"
ABSENT = "0123456789abcdef" * 2


def ask(desk: Desk, *more: str, officer: str = LIAISON, to: str = "pt-pj") -> Any:
    """Open a request for information; what came of it."""
    form = desk.folder / "request.json"
    offence = desk.ask("procedure", "show", "information_request", officer=officer)
    chosen = next(field for field in offence["fields"] if field["code"] == "offence")["choices"][0]["code"]
    form.write_text(json.dumps(ANSWERS | {"offence": chosen}), encoding="utf-8")
    call = ("thread", "open", "information_request", "--to", f"{to}=requested", "--title", "Lorry at the border")
    handling = ("--category", "suspect_or_convicted", "--case", "2026-118", "--form", str(form))
    return desk.ask(*call, *handling, *more, officer=officer)


@pytest.fixture
def thread(desk: Desk) -> str:
    """A request of the Dutch liaison officer to the Portuguese police."""
    return str(ask(desk)["thread"])


def test_a_request_is_seen_first_then_sent_and_answered(desk: Desk) -> None:
    seen = ask(desk, "--preview")
    assert (seen["ready"], [each["authority"] for each in seen["recipients"]]) == (True, ["pt-pj"])
    assert desk.ask("inbox", "--folder", "all", officer=PORTUGUESE)["lines"] == [], "a preview keeps nothing"

    thread = ask(desk)["thread"]
    (line,) = desk.ask("inbox", "--folder", "all", officer=PORTUGUESE)["lines"]
    assert (line["reference"], line["title"], line["your_turn"]) == (thread, "Lorry at the border", True)
    (owed,) = desk.ask("thread", "awaited", officer=LIAISON)
    assert (owed["thread"], owed["authority"]) == (thread, "pt-pj")

    note = desk.table("answer.txt", "The driver is known here.\n")
    step = ("thread", "step", thread, "answer", "--set", "answer=See the file.", "--attach", str(note))
    sent = desk.ask(*step, officer=PORTUGUESE)
    assert (sent["state"], sent["standing"]) == ("sent", "effective")

    view = desk.ask("thread", "show", thread, officer=LIAISON)
    answer = next(each for each in view["steps"] if each["code"] == "answer")
    assert answer["values"][0]["value"] == "See the file."
    file = answer["attachments"][0]
    path = desk.folder / "received.txt"
    saved = desk.ask("thread", "file", thread, file["reference"], "--out", str(path), officer=LIAISON)
    assert path.read_bytes() == note.read_bytes()
    assert saved["sha256"] == hashlib.sha256(note.read_bytes()).hexdigest()
    shown = desk.run("thread", "show", thread, "--as", LIAISON)
    assert "Lorry at the border" in shown.out
    assert "The driver is known" not in shown.out, "a file is saved, never shown"


def test_what_is_missing_is_named_and_nothing_is_sent(desk: Desk) -> None:
    call = ("thread", "open", "information_request", "--to", "pt-pj=requested", "--title", "t")
    said = desk.run(*call, "--set", "urgent=false", "--set", "nothing=x", "--as", LIAISON)

    assert said.code == 2
    assert "To mend: asked: An answer is required." in said.err
    assert "It cannot be sent as it is." in said.err
    assert said.err.splitlines()[-1] == "alidade: Nothing was sent. Mend what is named above."
    assert desk.ask("inbox", "--folder", "awaited", officer=LIAISON)["lines"] == []


def test_a_file_of_a_step_that_is_refused_is_forgotten(desk: Desk, thread: str) -> None:
    note = desk.table("answer.txt", "The driver is known here.\n")
    wrong = desk.run("thread", "step", thread, "refuse", "--attach", str(note), "--as", PORTUGUESE)
    assert wrong.code == 2

    program = desk.table("program.bin", "\x7fELF\x00\x01")
    refused = desk.run("thread", "attach", thread, str(program), "--as", PORTUGUESE)
    assert refused.code == 2
    assert "not taken here" in refused.err


def test_a_step_that_came_too_late_ends_with_5(desk: Desk, thread: str) -> None:
    reason = ("--reason", "no_longer_needed")
    assert desk.run("thread", "step", thread, "cancel", *reason, "--as", LIAISON).code == 0
    late = desk.run("thread", "step", thread, "answer", "--set", "answer=x", "--as", PORTUGUESE)
    assert late.code == 5


def test_the_desk(desk: Desk, thread: str) -> None:
    officer = ("authority", "officer", "pt-pj/second", "--role", "liaison_officer", "--as", "pt-pj/admin")
    assert desk.run(*officer).code == 0
    waiting = desk.ask("thread", "duty-desk", officer=PORTUGUESE)
    assert [line["reference"] for line in waiting["lines"]] == [thread]
    assert desk.run("thread", "take", thread, "--as", PORTUGUESE).code == 0
    assert desk.ask("thread", "duty-desk", officer=PORTUGUESE)["lines"] == []
    assert desk.run("thread", "assign", thread, "pt-pj/second", "--as", PORTUGUESE).code == 0
    (line,) = desk.ask("inbox", officer="pt-pj/second")["lines"]
    assert line["officer"] == "pt-pj/second"
    done = desk.ask("thread", "hand-over", "pt-pj/m.silva", officer="pt-pj/second")
    assert done == {"threads": 1, "drafts": 0}
    assert desk.run("thread", "assign", thread, "--as", PORTUGUESE).out == "It is back at the duty desk.\n"
    assert desk.run("thread", "note", thread, "Ask the register.", "--as", PORTUGUESE).code == 0
    assert "Ask the register." in desk.run("thread", "show", thread, "--as", PORTUGUESE).out
    assert "Ask the register." not in desk.run("thread", "show", thread, "--as", LIAISON).out


def test_a_hit_without_content_is_followed_up_with_its_owner(desk: Desk) -> None:
    asked = desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)
    hit = asked["without_content"][0]["reference"]
    fields = desk.ask("procedure", "show", "hit_follow_up", officer=PORTUGUESE)["fields"]
    chosen = {field["code"]: field["choices"][0]["code"] for field in fields if field["choices"]}
    answers = {
        **chosen, "purpose": "18.2.a", "justification": "He drives the lorry.", "until": "2030-01-01",
        "court_use": "false", "urgent": "false",
    }  # fmt: skip
    options = [word for field, value in answers.items() for word in ("--set", f"{field}={value}")]
    opened = ("thread", "open", "hit_follow_up", "--follow", hit, "--category", "suspect_or_convicted")
    thread = desk.ask(*opened, *options, "--case", "2026-118", officer=PORTUGUESE)["thread"]

    release = ("--set", f"release_records={desk.names['Geslotenius']}", "--set", "release_purpose=18.2.a")
    step = ("thread", "step", thread, "grant", *release, "--set", "release_until=2030-01-01")
    assert desk.run(*step, "--as", LIAISON).code == 0
    assert desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit"


def test_papers_carry_conditions_and_hash(desk: Desk, thread: str) -> None:
    text, exported = desk.folder / "thread.txt", desk.folder / "thread.json"
    printed = desk.ask("thread", "print", thread, "--out", str(text), officer=LIAISON)
    taken = desk.ask("thread", "export", thread, "--out", str(exported), officer=LIAISON)
    paper = text.read_text(encoding="utf-8")

    assert paper.splitlines()[0] == paper.rstrip().splitlines()[-paper[: paper.index("\n\n")].count("\n") - 1]
    assert printed["sha256"] in paper
    assert taken["sha256"] == hashlib.sha256(exported.read_bytes()).hexdigest()
    assert json.loads(exported.read_bytes())["title"] == "Lorry at the border"
    assert text.stat().st_mode & 0o777 == 0o600
    assert desk.run("thread", "print", thread, "--out", str(text), "--as", LIAISON).code == 5
    assert desk.run("thread", "export", thread, "--out", str(desk.folder / "x"), "--as", DPO).code == 3


def test_statistics_are_a_table_json_or_csv(desk: Desk) -> None:
    for _ in range(3):
        ask(desk)
    call = ("thread", "statistics", "information_request", "--since", "2020-01-01", "--until", "2090-12-31")
    told = desk.ask(*call, officer=LIAISON)
    said = desk.run(*call, "--csv", "--as", LIAISON)
    rows = list(csv.DictReader(io.StringIO(said.out)))

    assert told["threads"] == 3
    assert [row["measure"] for row in rows] == [each["measure"] for each in told["figures"]]
    assert "Threads opened: 3" in desk.run(*call, "--as", LIAISON).out
    assert desk.run(*call[:3], "--since", "2026", "--until", "2027", "--as", LIAISON).code == 2


def test_search_finds_ones_own_alone(desk: Desk, thread: str) -> None:
    for words in (("lorry",), (thread[:8],), ("--with", "pt-pj"), ("--procedure", "information_request")):
        assert [each["reference"] for each in desk.ask("thread", "search", *words, officer=LIAISON)] == [thread]
    assert desk.ask("thread", "search", "lorry", officer=BELGIAN) == []
    assert "No thread" in desk.run("thread", "search", "lorry", "--as", BELGIAN).out


def test_a_second_officer_approves_or_gives_back(desk: Desk) -> None:
    from alidade.model.ids import OfficerId
    from alidade.services.acting import act_as
    from alidade.services.node import Node, database_setting
    from alidade.services.threads.managing import DeskRules, settle_desk_rules

    node = Node.open(desk.home, database=database_setting())
    settle_desk_rules(node, act_as(node, OfficerId(ADMIN), purpose="18.2.a"), DeskRules(approval=("*",)))
    node.close()
    first, second = (ask(desk, officer=ANALYST)["draft"] for _ in range(2))
    assert {each["id"] for each in desk.ask("thread", "drafts", officer=CASE)} == {first, second}
    assert desk.run("thread", "approve", first, "--as", ANALYST).code == 3
    assert desk.run("thread", "return", second, "--remark", "Which lorry?", "--as", LIAISON).code == 0
    sent = desk.ask("thread", "approve", first, officer=CASE)
    assert sent["state"] == "sent"
    (back,) = desk.ask("thread", "drafts", officer=ANALYST)
    assert (back["id"], back["state"], back["remark"]) == (second, "returned", "Which lorry?")


@pytest.mark.parametrize(
    "command",
    [
        ("thread", "show", "{}"),
        ("thread", "step", "{}", "message", "--note", "n"),
        ("thread", "step", "{}", "message", "--note", "n", "--preview"),
        ("thread", "take", "{}"),
        ("thread", "assign", "{}"),
        ("thread", "note", "{}", "n"),
        ("thread", "print", "{}", "--out", "thread.txt"),
        ("thread", "export", "{}", "--out", "thread.json"),
        ("thread", "file", "{}", ABSENT, "--out", "thread.bin"),
    ],
    ids=" ".join,
)
def test_what_is_anothers_and_what_is_not_there_answer_alike(
    desk: Desk, thread: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    there, nowhere = (
        desk.run(*(word.format(reference) for word in command), "--as", BELGIAN) for reference in (thread, ABSENT)
    )
    assert there == nowhere
    assert (there.code, there.out) == (4, "")
    assert not list(desk.folder.glob("thread.*"))


GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"


def _shown(guide: str) -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", (GUIDES / guide).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^alidade (thread (?:open|step|attach) .+)$", "\n".join(blocks), re.MULTILINE)
    return [[word for word in shlex.split(line) if word != "--preview"] for line in lines]


@pytest.mark.parametrize(("guide", "count"), [("liaison-officer.md", 14), ("front-line-officer.md", 1)])
def test_what_the_guides_send_can_be_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch, guide: str, count: int) -> None:
    monkeypatch.chdir(desk.folder)
    (desk.folder / "photograph.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    asked = ask(desk)["thread"]
    desk.table("answer.json", json.dumps({"answer": "Half of it.", "outstanding": "The other half."}))
    came = ask(desk, officer=PORTUGUESE, to="nl-politie")["thread"]
    closed = desk.ask("check", "Sebastiana Figueiroa", *GROUNDS, officer=CASE)["without_content"][0]["reference"]
    theirs = desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)["without_content"][0]["reference"]
    (opening,) = _shown("front-line-officer.md")
    follow = [theirs if word == "HIT" else word for word in opening]
    follow_up = desk.ask(*follow, officer=PORTUGUESE)["thread"]

    done = _shown(guide)
    for words in done:
        of_step = words[3] if words[1] == "step" else ""
        thread = {"remind": asked, "grant": follow_up}.get(of_step, came)
        own = {
            "THREAD": thread,
            "HIT": closed,
            "RECORD": desk.names["Geslotenius"],
            "de-bka=requested": "pt-pj=requested",
        }
        call = [own.get(word.removeprefix("release_records="), word) for word in words]
        call = [
            f"release_records={new}" if old.startswith("release_records=") else new
            for old, new in zip(words, call, strict=True)
        ]
        if words[1] == "attach":
            assert desk.run(*call, "--as", LIAISON).code == 0
            continue
        seen = desk.run("--json", *call, "--preview", "--as", LIAISON)
        assert seen.code == 0, (words, seen.err)
        assert seen.answer["ready"], (words, seen.answer["problems"])
    assert len(done) == count


def test_the_rules_of_the_desk_are_shown_and_settled(desk: Desk) -> None:
    none = {"approval": [], "duty_unit": "", "duty_officers": [], "desk_address": "", "addresses": {}}
    assert desk.ask("thread", "desk-rules", officer=ADMIN) == none
    call = ("--unit", " SPOC ", "--officer", LIAISON, "--approval", "information_request:open")
    addresses = ("--desk-address", "duty@politie.example", "--address", f"{LIAISON}=l@politie.example")
    settled = {
        "approval": ["information_request:open"],
        "duty_unit": "SPOC",
        "duty_officers": [LIAISON],
        "desk_address": "duty@politie.example",
        "addresses": {LIAISON: "l@politie.example"},
    }
    assert desk.ask("thread", "desk-rules", *call, *addresses, officer=ADMIN) == settled
    assert desk.ask("thread", "desk-rules", officer=ADMIN) == settled
    duty = desk.ask("thread", "duty-desk", officer=LIAISON)
    assert (duty["unit"], duty["officers"]) == ("SPOC", [LIAISON])
    assert ask(desk, officer=ANALYST)["state"] == "waiting_for_approval"

    fewer = desk.ask("thread", "desk-rules", "--unit", "", "--no-approval", "--no-addresses", officer=ADMIN)
    assert fewer == settled | {"duty_unit": "", "approval": [], "addresses": {}}
    told = desk.run("thread", "desk-rules", "--no-officers", "--desk-address", "", "--as", ADMIN).out
    assert "On duty: not settled." in told
    assert desk.ask("thread", "desk-rules", officer=ADMIN) == none


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--approval", "nothing_known"), 2),
        (("--approval", "information_request:nothing_known"), 2),
        (("--desk-address", "nowhere"), 2),
        (("--address", LIAISON), 2),
        (("--address", f"{LIAISON}=nowhere"), 2),
        (("--unit", "x" * 101), 2),
        (("--officer", PORTUGUESE), 4),
        (("--address", f"{PORTUGUESE}=a@b.example"), 4),
    ],
    ids=lambda each: " ".join(each)[:40] if isinstance(each, tuple) else str(each),
)
def test_rules_that_cannot_be_change_nothing(desk: Desk, options: tuple[str, ...], code: int) -> None:
    before = desk.ask("thread", "desk-rules", officer=ADMIN)
    assert desk.run("thread", "desk-rules", "--unit", "SPOC", *options, "--as", ADMIN).code == code
    assert desk.ask("thread", "desk-rules", officer=ADMIN) == before
    assert desk.run("thread", "desk-rules", "--as", LIAISON).code == 3
