"""A node that listens, and clients that speak to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast is shared with the tests of the use cases
sys.path.insert(0, str(Path(__file__).parent))

from listening import listening
from personas import Office, OfficeFactory, template, words

from alidade.client import Client
from alidade.services.tokens import make_token


@pytest.fixture
def offices(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> OfficeFactory:
    return OfficeFactory(template(tmp_path_factory), tmp_path, request.node.nodeid)


@pytest.fixture
def office(offices: OfficeFactory) -> Iterator[Office]:
    with offices() as found:
        yield found


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with listening(office) as found:
        yield found


@pytest.fixture
def secret(office: Office) -> Callable[..., str]:
    """`secret("nl-politie")` is that of a token of its case officer for every act of his."""

    def make(authority: str, acts: tuple[str, ...] | None = None) -> str:
        every = set(words().roles["case_officer"].acts) - {"token_manage"}
        return make_token(office.node, office.officer(authority), name="client", acts=acts or every, days=30).secret

    return make


@pytest.fixture
def client(address: str, secret: Callable[..., str]) -> Callable[..., Client]:
    """`client("nl-politie")` speaks for the case officer of that authority."""
    return lambda authority, **more: Client(address, secret(authority, **more))
