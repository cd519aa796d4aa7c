"""Every error that a person may see. Each says what is wrong, where, and what to do; none quotes personal data.

AlidadeError
|-- NotAllowed        a rule forbids it
|-- NotFound          nothing that you may see has this reference (absent and forbidden look alike)
|-- Invalid           what was given cannot be taken as it is
|   `-- Unreadable    a file cannot be read as what it should be
|-- Conflict          it does not fit the present state
|   `-- TooMany       more in a short time than is permitted; it may be tried again later
`-- Damaged           the store or the ledger is not what it should be; the node must stop
"""

from __future__ import annotations


class AlidadeError(Exception):
    """Base: a stable code, a sentence, and what to do next."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NotAllowed(AlidadeError):
    """A rule forbids the act; the message names the rule, never the data."""

    code = "not_allowed"
    exit_code = 3


class NotFound(AlidadeError):
    """Nothing that this viewer may see has the reference given."""

    code = "not_found"
    exit_code = 4


class Invalid(AlidadeError):
    """What was given cannot be accepted as it stands."""

    code = "invalid"
    exit_code = 2


class Unreadable(Invalid):
    """A file cannot be read as the format that it should have."""

    code = "unreadable"


class Conflict(AlidadeError):
    """The act does not fit the state in which the thing is now."""

    code = "conflict"
    exit_code = 5


class TooMany(Conflict):
    """More was asked in a short time than is permitted."""

    code = "too_many"

    def __init__(self, message: str, *, remedy: str = "", retry_after: int) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after  # seconds


class Damaged(AlidadeError):
    """The store, the keys or the ledger are damaged; the node must not go on."""

    code = "damaged"
    exit_code = 6
