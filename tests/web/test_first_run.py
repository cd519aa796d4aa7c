"""The first five minutes in a real browser: begin, passkey, list, check, hit, ledger; or look around."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the browser is shared by the tests of this folder

from browsing import Visitor, require_browser, served, visitor


@pytest.fixture(autouse=True)
def _browser() -> None:
    require_browser()


def begin_for_real(who: Visitor, code: str) -> None:
    who.open("/")
    assert who.title == "Begin"
    who.type("Set-up code", code)
    who.press("Begin for real")
    who.choose("State or body", "NL")
    who.type("Name of the authority", "Politie")
    who.choose("Function", "police")
    who.type("Contact", "desk@politie.example")
    who.type("First officer", "j.devries")
    assert who.page.get_by_label("Short code").input_value() == "nl-politie"
    who.press("Begin")


LIST = "number,surname,first name,birth date,phone\n1,Achterberg,Wilhelmina,1981-05-06,+31 6 23456789\n"
MOST_CLICKS, MOST_KEYS = 28, 110


def test_the_first_five_minutes(tmp_path: Path) -> None:
    """From nothing to a hit with its entry in the ledger, in a number of presses and letters that is stated."""
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    with served(tmp_path / "home") as node, visitor(node.address) as who:
        who.give_device()
        begin_for_real(who, node.code)
        assert who.title == "Before you begin"
        who.press("Make a passkey")
        assert who.title == "You are ready"
        who.press("Go on as nl-politie/j.devries")
        who.press("Make a passkey")
        assert who.title == "Recovery codes"
        who.press("I have kept them: go on", "link")
        who.press("Bring a first list", "link")
        state_grounds(who)
        assert who.title == "Bring a list"
        who.page.get_by_label("Drop a file here").set_input_files(file)
        who.clicks += 1
        who.press("Look at the file")
        who.type("Name of the list", "Port list")
        who.choose("What kind of persons these are", "suspect_or_convicted")
        who.press("Take the list in")
        who.page.locator("[data-done]").wait_for(timeout=60_000)
        assert "1\nnew" in who.page.inner_text(".counts")
        who.press("Check", "link")
        check_a_name(who)
        print(f"{who.clicks} clicks, {who.keys} keystrokes")
        assert who.problems == []
        assert who.clicks <= MOST_CLICKS
        assert who.keys <= MOST_KEYS
        whole = "".join(node.lines)
        assert not [word for word in ("Achterberg", "devries", "politie", "2026-118") if word in whole]


def state_grounds(who: Visitor) -> None:
    assert who.title == "Purpose and case"
    who.type("Case or control", "2026-118")
    who.type("Justification", "bill of lading")
    who.press("Work for this purpose")


def check_a_name(who: Visitor) -> None:
    assert who.title == "Is this known to anybody?"
    who.clicks += 1
    who.keys += len("Wilhelmina Achterberg")
    who.page.locator(".one-box input").fill("Wilhelmina Achterberg")
    who.press("Check")
    page = who.page.inner_text("main")
    assert "HIT" in page
    assert "Why it met" in page
    assert "Commitment in the ledger" in page


def test_looking_around(tmp_path: Path) -> None:
    """The other choice: the same question, another answer, without a form to fill in."""
    with served(tmp_path / "home") as node, visitor(node.address) as who:
        who.open("/")
        who.type("Set-up code", node.code)
        who.press("Look around with invented data")
        who.page.get_by_role("button", name="Look around as nl-police/analyst").wait_for(timeout=120_000)
        who.press("Look around as nl-police/analyst")
        who.open("/check/")
        assert who.title == "Is this known to anybody?"
        assert "Invented data" in who.page.inner_text("body")
        assert who.problems == []
