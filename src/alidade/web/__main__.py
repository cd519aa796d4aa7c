"""The processes behind `alidade serve`, no command for people: prints JSON, with the exit codes of `alidade`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from alidade.model.errors import AlidadeError
from alidade.model.ids import OfficerId
from alidade.web import server


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit code."""
    told = _parse(arguments)
    server.set_up()
    from alidade.services import serving

    home = serving.home()
    try:
        if told.what == "prepare":
            _say(server.prepare(home))
        elif told.what == "account":
            _say(_accounts([OfficerId(each) for each in told.officers], note=not told.unnoted))
        elif told.what == "work":
            server.work(home)
        else:
            server.serve_pages(told.address, told.port, told.workers, told.certificate, told.key)
    except AlidadeError as error:
        _say({"error": error.message, "remedy": error.remedy, "code": error.code, "exit": error.exit_code})
        return error.exit_code
    finally:
        serving.stop()
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m alidade.web")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("prepare")
    what.add_parser("work")
    account = what.add_parser("account")
    account.add_argument("officers", nargs="+")
    account.add_argument("--unnoted", action="store_true")  # of invented officers, at the beginning of a rehearsal
    pages = what.add_parser("serve")
    pages.add_argument("--address", required=True)
    pages.add_argument("--port", type=int, required=True)
    pages.add_argument("--workers", type=int, required=True)
    pages.add_argument("--certificate", type=Path)
    pages.add_argument("--key", type=Path)
    return parser.parse_args(arguments)


def _accounts(officers: list[OfficerId], *, note: bool) -> dict[str, str]:
    """Open the accounts anew, each noted in the ledger first; their one-time passwords."""
    from alidade.services import serving
    from alidade.services.accounts import note_account_opened
    from alidade.web.accounts import make_tables, open_account

    make_tables()
    opened: dict[str, str] = {}
    for officer in officers:
        if note:
            note_account_opened(serving.node(), officer)
        opened[officer] = open_account(officer)
    return opened


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
