"""From a paper to a register to work with, by a person who mends what is wrong: the presses and letters are counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from house import Enter, Visit
from playwright.sync_api import Locator
from rehearsed import POLICY

MOST = 60  # presses and letters together, beside the reading
TITLES = (
    "Mobilise customs authorities", "Strengthen law enforcement in ports", "Reinforce the public-private partnership",
    "Map criminal networks", "Support special investigations", "Follow the money", "Digitalise judicial cooperation",
    "Cooperate with judges of other countries", "Prevent recruitment of the young", "Monitor precursors",
    "Share good practices on scanning", "Prevent infiltration of the economy", "Detect designer precursors",
    "Train investigators", "Exchange liaison officers", "Strengthen airports", "Report on progress",
)  # fmt: skip
HEAD = """Brussels, 3 June 2026
17026/26
NOTE
From: Presidency
To: Council
Subject: Progress report on a plan of seventeen measures (invented)
"""


@dataclass
class Counted:
    """A hand on the mouse and one on the keys."""

    visit: Visit
    presses: int = 0
    letters: int = 0

    def press(self, where: Locator) -> None:
        where.click()
        self.presses += 1

    def mend(self, field: Locator, text: str) -> None:
        """Click into a field, mark all of it, type over it."""
        field.click()
        field.press("Control+a")
        field.press_sequentially(text)
        self.presses += 1
        self.letters += 1 + len(text)


def paper() -> str:
    measures = (
        f"Measure {number}: {title}\n\nMember States and Europol shall act by 31 December 2027.\n"
        for number, title in enumerate(TITLES, start=1)
    )
    return "\n".join([HEAD, *measures])


def test_a_paper_of_seventeen_measures_becomes_a_register_in_few_presses_and_letters(
    enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "seventeen.txt"
    file.write_text(paper(), encoding="utf-8")
    visit = enter(POLICY)
    page, hand = visit.page, Counted(visit)
    assert visit.go("/my-day/") == 200

    hand.press(page.get_by_role("navigation").get_by_role("link", name="Follow-up").first)
    hand.press(page.get_by_role("link", name="Read a paper").first)
    page.locator("input[type=file]").first.set_input_files(file)
    hand.presses += 2  # the button of the field, and the file in the window of the system
    hand.press(page.get_by_role("button", name="Read it"))

    chosen = page.locator("input[name=measure]")
    assert chosen.count() == len(TITLES)
    assert [page.locator(f"input[name='title-{n}']").input_value() for n in (1, 17)] == [TITLES[0], TITLES[-1]]
    hand.mend(page.locator("input[name='title-9']"), "Keep the young out of it")
    hand.press(chosen.nth(16))  # the last is no measure
    hand.press(page.get_by_role("button", name="Keep what is marked").first)

    assert page.locator("h1").inner_text().startswith("17026/26")
    kept = page.inner_text("main")
    assert "Keep the young out of it" in kept
    assert TITLES[0] in kept
    assert TITLES[16] not in kept
    print(f"{hand.presses} presses, {hand.letters} letters")
    assert (hand.presses, hand.letters) == (8, 25)
    assert hand.presses + hand.letters < MOST
    assert visit.troubles() == []
