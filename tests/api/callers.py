"""Callers: programs that call the API with a token of one of the cast's officers."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from personas import Office, words

from alidade.services.tokens import make_token

PREFIX = "/api/v1"
NO_TOKEN = frozenset({"token_manage"})


class Caller:
    """One program with its token, or with none."""

    def __init__(self, secret: str | None) -> None:
        self.secret = secret
        self._client = Client()

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """Send one request; `body` goes as JSON, bytes as they are."""
        if self.secret is not None:
            headers = {"Authorization": f"Bearer {self.secret}"} | headers
        content: dict[str, Any] = {}
        if isinstance(body, bytes):
            content = {"data": body, "content_type": "application/octet-stream"}
        elif body is not None:
            content = {"data": json.dumps(body), "content_type": "application/json"}
        address = path if path.startswith("/api/") else PREFIX + path
        answer: HttpResponse = self._client.generic(
            method, address, headers={name.replace("_", "-"): value for name, value in headers.items()}, **content
        )
        return answer

    def get(self, path: str) -> Any:
        """What a GET gives; it must succeed."""
        return self._good(self("GET", path))

    def post(self, path: str, body: object, **headers: str) -> Any:
        """What a POST gives; it must succeed."""
        return self._good(self("POST", path, body, **headers))

    @staticmethod
    def _good(answer: HttpResponse) -> Any:
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)


class Callers:
    """Makes tokens for officers of the cast."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def __call__(self, authority: str, role: str = "case_officer", *, acts: tuple[str, ...] | None = None) -> Caller:
        """A caller with a token of this officer; `acts`: all of the role where None."""
        listed = set(words().roles[role].acts) - NO_TOKEN if acts is None else acts
        actor = self.office.officer(authority, role)
        return Caller(make_token(self.office.node, actor, name="a program", acts=listed, days=30).secret)

    @staticmethod
    def nobody() -> Caller:
        """A caller without a token."""
        return Caller(None)
