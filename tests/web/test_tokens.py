"""Access for programs: an officer makes a token, sees it once, ends it; nobody else can."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from personas import DE, NL, Office

from alidade.model.errors import NotAllowed
from alidade.services.tokens import actor_of_token

Visit = Callable[..., Client]
GIVEN = {"name": "night import", "acts": ["check", "import"], "days": "30"}


def _secret(page: str) -> str:
    found = re.search(r"alidade_[\w-]{40,}", page)
    assert found is not None
    return found[0]


def test_a_token_is_shown_once_works_and_ends(office: Office, visit: Visit) -> None:
    client = visit(NL)
    assert "No program has access" in client.get("/tokens/").content.decode()
    assert client.post("/tokens/", GIVEN)["Location"] == "/tokens/"
    shown = client.get("/tokens/").content.decode()
    secret = _secret(shown)
    assert "alidade_" not in client.get("/tokens/").content.decode()
    actor = actor_of_token(office.node, secret)
    assert (actor.officer, actor.case) == (f"{NL}/case_officer", "case-1")
    assert set(actor.acts or ()) == {"check", "import"}

    reference = re.search(r"/tokens/([0-9a-f]{32})/end/", shown)
    assert reference is not None
    absent = visit(DE).post(f"/tokens/{'0' * 32}/end/")
    foreign = visit(DE).post(f"/tokens/{reference[1]}/end/")
    assert foreign.status_code == absent.status_code == 404
    assert client.post(f"/tokens/{reference[1]}/end/").status_code == 302
    with pytest.raises(NotAllowed):
        actor_of_token(office.node, secret)


def test_what_is_wrong_keeps_what_was_typed(office: Office, visit: Visit) -> None:
    answer = visit(NL).post("/tokens/", GIVEN | {"days": "4000"})
    assert answer.status_code == 422
    assert 'value="night import"' in answer.content.decode()
    assert visit(NL).post("/tokens/", GIVEN | {"acts": ["authority_manage"]}).status_code == 422


def test_absent_for_a_role_that_may_not(office: Office, visit: Visit) -> None:
    assert visit(NL, "front_line_officer").get("/tokens/").status_code == 404
