"""Draws the pictures of the README from the invented scenario, as the tests of the pages see it.

script/pictures [NAME...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from house import House, Visit, found_browser, launched, made_once
from playwright.sync_api import sync_playwright
from rehearsed import ANALYST, POLICY

REPOSITORY = Path(__file__).resolve().parents[1]
IMAGES = REPOSITORY / "docs" / "images"
LARGEST = 200_000  # bytes, so that the README opens quickly
WIDTH = 1440
# Name of the picture, the officer who looks, an address or the name under which the rehearsal kept one, and the height.
PICTURES = (
    ("check", ANALYST, "check.answer", 940),
    ("record", ANALYST, "record", 600),
    ("contribute", ANALYST, "contribute.look", 720),
    ("my-day", ANALYST, "/my-day/", 760),
    ("map", ANALYST, "/picture/map/", 800),
    ("analysis", POLICY, "analysis.paper", 900),
)


def draw(wanted: list[str]) -> int:
    """Draw the pictures with these names, or all; the exit code."""
    place = found_browser()
    if place is None:
        print("No browser: install Debian's chromium (apt-get install chromium).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        house = House(made_once(Path(folder)), Path(folder) / "home")
        browser = launched(running, place)
        try:
            for name, officer, where, height in PICTURES:
                if wanted and name not in wanted:
                    continue
                visit = Visit.begin(browser, house, officer, viewport={"width": WIDTH, "height": height})
                visit.go(house.made["addresses"].get(where, where))
                picture = IMAGES / f"{name}.png"
                visit.page.screenshot(path=picture)
                size = picture.stat().st_size
                print(f"{picture.relative_to(REPOSITORY)}  {size:,} bytes")
                if size > LARGEST:
                    print(f"{name}.png is larger than {LARGEST:,} bytes.", file=sys.stderr)
                    return 1
                visit.context.close()
        finally:
            browser.close()
            house.close()
    return 0


if __name__ == "__main__":
    sys.exit(draw(sys.argv[1:]))
