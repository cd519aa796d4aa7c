"""Errors: each has a code, an exit code of its own, and says what to do."""

from __future__ import annotations

import pytest

from alidade.model.errors import AlidadeError, Conflict, Damaged, Invalid, NotAllowed, NotFound, Unreadable


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (AlidadeError, "error", 1),
        (Invalid, "invalid", 2),
        (Unreadable, "unreadable", 2),
        (NotAllowed, "not_allowed", 3),
        (NotFound, "not_found", 4),
        (Conflict, "conflict", 5),
        (Damaged, "damaged", 6),
    ],
)
def test_codes(error: type[AlidadeError], code: str, exit_code: int) -> None:
    plain = error("It is wrong.")
    assert (plain.code, plain.exit_code, str(plain)) == (code, exit_code, "It is wrong.")
    full = error("It is wrong.", remedy="Mend it.", code="own")
    assert (full.code, full.exit_code, str(full)) == ("own", exit_code, "It is wrong. Mend it.")
    assert error.code == code  # a code given to one error is not given to its kind
