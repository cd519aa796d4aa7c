"""Errors of the client: what the node refused, and that it did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """Base: a stable code, a sentence, and what to do next."""

    def __init__(self, message: str, *, code: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.code = code
        self.remedy = remedy


class Refused(ClientError):
    """The node answered with a problem. `retry_after` is in seconds where it may be tried again later."""

    def __init__(self, problem: Mapping[str, Any], status: int, retry_after: int | None) -> None:
        super().__init__(
            str(problem.get("detail", "The node refused the request.")),
            code=str(problem.get("code", "error")),
            remedy=str(problem.get("remedy", "")),
        )
        self.status = status
        self.retry_after = retry_after
        self.errors: tuple[Mapping[str, str], ...] = tuple(problem.get("errors", ()))


class NoAnswer(ClientError):
    """The node could not be reached, or what answered is no node.

    `reference`: of a file that was on its way, to go on with.
    """

    reference: str = ""
