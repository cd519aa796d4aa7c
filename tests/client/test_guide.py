"""What the guide for developers does with the client, done against a node that listens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from personas import NL, Office, draft
from thread_cases import request

import alidade.client
from alidade.client import Client

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "developer.md"


def test_what_the_guide_does_with_the_client_works(
    office: Office,
    address: str,
    secret: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    office.give(draft("2", name="Jan Vermeulen"), by="de-bka", handling=office.handling("de-bka", communities=()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text(secret(NL) + "\n")
    (tmp_path / "note.txt").write_text("The lorry is known here.\n")
    request(office, by="de-bka", to=NL)
    monkeypatch.setattr(alidade.client, "Client", lambda url, token: Client(address, token))

    for block in re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        exec(compile(block, str(GUIDE), "exec"), {})

    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith('{"at"')]
    assert said[0].startswith("Authority nl-politie ")
    assert said[1].startswith("ask desk@de-bka.example about ")
    assert said[2].endswith(" Klaas Bakker")
    assert said[3].startswith("404 not_found")
    assert said[4] == "Lorry seen at the border ['assess', 'ask_clarification']"
    assert said[5].startswith("sent nl-politie/")
