"""The cast of the services in front of the pages: a client for each officer, signed in, with purpose and case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast is shared with the tests of the use cases

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from personas import CASE, Office, OfficeFactory, template

from alidade.services import serving
from alidade.web.accounts import make_tables
from alidade.web.place import GROUNDS

STATED = {
    "purpose": "18.2.a",
    "case": CASE,
    "legal_ground": "criminal_investigation",
    "justification": "seen on the spot",
}
Visit = Callable[..., Client]


@pytest.fixture(scope="session", autouse=True)
def _accounts() -> None:
    make_tables()


@pytest.fixture
def offices(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> OfficeFactory:
    return OfficeFactory(template(tmp_path_factory), tmp_path, request.node.nodeid)


@pytest.fixture
def office(offices: OfficeFactory) -> Iterator[Office]:
    """The node of the cast, served to the pages of this thread."""
    with offices() as found:
        serving.serve(found.node)
        yield found
        serving.serve(None)
        forget_accounts()


def forget_accounts() -> None:
    """Whoever signed in in one test is unknown in the next."""
    Session.objects.all().delete()
    User.objects.all().delete()


@pytest.fixture
def visit(office: Office, arrive: Visit) -> Visit:
    """A client of the node of the cast; see `arrive`."""
    return arrive


@pytest.fixture(scope="session")
def arrive() -> Visit:
    """`visit("nl-politie")` is a client of that authority's case officer; `grounds=False`: before stating any."""

    def signed_in(authority: str, role: str = "case_officer", *, grounds: bool = True) -> Client:
        user, _ = User.objects.get_or_create(username=f"{authority}/{role}")
        client = Client()
        client.force_login(user)
        if grounds:
            session = client.session
            session[GROUNDS] = STATED
            session.save()
        return client

    return signed_in
