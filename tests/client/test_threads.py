"""Threads from a program: the day of a liaison officer's program, and files that are sent on after a break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from listening import Application, listening
from personas import DE, FR, NL, Office
from thread_cases import answers, definition, request

from alidade.client import Client, NoAnswer, Refused
from alidade.services.threads.limits import limits

HANDLING = {"subject_category": "suspect_or_convicted"}
Clients = Callable[..., Client]


def _values() -> dict[str, Any]:
    found = answers(definition("information_request"), "open")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def test_the_day_of_a_program_with_threads(client: Clients, tmp_path: Path) -> None:
    asker, asked = client(NL), client(DE)
    form = asker.form("information_request")
    assert set(_values()) <= set(form["values"]["properties"])
    assert "requested" in {role["code"] for role in form["roles"]}
    opening = ("information_request", {DE: "requested"}, "Lorry at the border", _values(), HANDLING)

    assert asker.open(*opening, preview=True)["ready"]
    assert list(asked.inbox("all")) == []
    thread = asker.open(*opening, case="case-7")["thread"]
    assert [line["reference"] for line in asked.inbox("all")] == [thread]
    assert [owed["authority"] for owed in asker.awaited()] == [DE]

    note = tmp_path / "note.txt"
    note.write_text("The driver is known here.\n")
    file = asked.send_file(note)
    assert asked.step(thread, "answer", {"answer": "See the file."}, attachments=[file], preview=True)["ready"]
    assert asked.step(thread, "answer", {"answer": "See the file."}, attachments=[file])["standing"] == "effective"
    answer = next(step for step in asker.thread(thread)["steps"] if step["code"] == "answer")
    assert asker.file(thread, answer["attachments"][0]["reference"]) == note.read_bytes()
    with pytest.raises(Refused) as refused:
        asked.step(thread, "answer", {"answer": "Again."})
    assert (refused.value.status, refused.value.code) == (409, "not_now")
    with pytest.raises(Refused) as refused:
        client(FR).thread(thread)
    assert refused.value.status == 404


def test_pages_of_the_inbox_are_fetched_as_they_are_needed(client: Clients, office: Office) -> None:
    made = [request(office) for _ in range(5)]
    found = [line["reference"] for line in client(DE).inbox("all", size=2)]
    assert sorted(found) == sorted(made)


def test_what_is_missing_comes_with_its_fields(client: Clients) -> None:
    with pytest.raises(Refused) as refused:
        client(NL).open("information_request", {DE: "requested"}, "t", {"urgent": False, "Zyxwvut": "x"}, HANDLING)
    assert (refused.value.status, refused.value.code) == (422, "step_refused")
    fields = {each["field"] for each in refused.value.errors}
    assert {"asked", "values.*"} <= fields
    assert "Zyxwvut" not in str(refused.value) + str(refused.value.errors)


class _Breaks:
    """Carries out a number of pieces, then none."""

    def __init__(self, application: Application, pieces: int) -> None:
        self._application = application
        self.left = pieces
        self.sent: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if "/pieces/" in path:
            self.sent.append(path.rsplit("/", 1)[1])
            self.left -= 1
            if self.left < 0:
                start("502 Bad Gateway", [("Content-Type", "text/html")])
                return [b"<h1>no line</h1>"]
        return self._application(environ, start)


def test_a_file_goes_on_after_a_break_where_it_stopped(
    office: Office, secret: Callable[..., str], tmp_path: Path
) -> None:
    piece = limits().piece.bytes
    note, token = tmp_path / "long.txt", secret(NL)
    note.write_text("seen at the border\n" * (piece // 19 * 2 + 100))
    made: list[_Breaks] = []

    def wrap(application: Application) -> Application:
        made.append(_Breaks(application, 2))
        return made[0]

    with listening(office, wrap) as address:
        program = Client(address, token)
        with pytest.raises(NoAnswer) as broken:
            program.send_file(note)
        assert made[0].sent == ["0", "1", "2", "2"]
        made[0].left = 100
        reference = program.send_file(note, reference=broken.value.reference)
        assert reference == broken.value.reference
        assert made[0].sent == ["0", "1", "2", "2", "2"]
        assert program.send_file(note, reference=reference) == reference, "once more does no harm"
