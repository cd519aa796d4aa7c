"""Chart: how long until the first picture of a link chart of 1,500 things, in a store of a million statements?

Why: a chart that is slow to come is not begun. Target: 2 seconds from the click to the picture, the server's work, the
transfer and the drawing in the browser together. The chart is a kept one: it is drawn anew from what the officer may
see. The server is that of `pages`; the browser is Debian's chromium without a graphics card, new for each picture.
The first picture has every thing and every tie at its place; the chart answers to the hand when the library has drawn
the same. The server, its store and the browser share the processors with whatever else runs: the processor time of the
thread that draws the page is therefore given, too, and what the browser takes after the server has answered.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import numpy as np

from alidade.network.layout import place
from alidade.services.acting import log
from alidade.services.node import Node
from alidade.services.picture.chart import draw, named
from alidade.services.picture.chart_state import ChartState
from alidade.services.picture.charts import keep_chart
from alidade.services.picture.seeing import around
from alidade.store import directory
from alidade.store.reading import reading
from benchmarks import linked_store, places, staging
from benchmarks.entity import _most_tied
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.pages import Visitor, good, server
from benchmarks.timing import Sample, milliseconds

THINGS = 1_500
_LIMIT = 2_000.0
_LAYOUT_LIMIT = 600.0
_LOOK = """
document.addEventListener('drawn', () => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.firstPicture ??= performance.now()
})), true)
document.addEventListener('ready', () => { window.answers ??= performance.now() }, true)
"""


def measure(options: Options) -> Result:
    """The layout, the use case, the page, and the picture in the browser."""
    size = 100_000 if options.quick else 1_000_000
    turns = 3 if options.quick else 5
    figures = [_layout()]
    with places.passing() as folder:
        home = folder / "home"
        shutil.copytree(linked_store.store(size), home)
        node = Node.open(home)
        try:
            state = ChartState(depth=0, added=named(_things(node)))
            sample = Sample()
            drawn = draw(node, staging.actor(node), state)
            for _ in range(turns):
                with sample.once():
                    draw(node, staging.actor(node), state)
            figures += [plain("use case, median", milliseconds(sample.of(0.5))[0], "ms")]
            figures += [plain("things", len(drawn.things), ""), plain("ties", len(drawn.ties), "")]
            piece = keep_chart(node, staging.actor(node), state, "Benchmark").piece
        finally:
            node.close()
        with server(home) as (port, cookie):
            visitor, sample = Visitor(port, cookie), Sample()
            good(visitor.get(f"/picture/chart/{piece}/"))
            for _ in range(turns):
                with sample.once():
                    good(visitor.get(f"/picture/chart/{piece}/"))
            figures += [plain("page, median", milliseconds(sample.of(0.5))[0], "ms")]
            figures += _pictures(f"{visitor.origin}/picture/chart/{piece}/", visitor.origin, cookie, turns)
    return Result(figures=(*figures, plain("statements in the store", size, "")))


def _things(node: Node) -> list[str]:
    actor = staging.actor(node)
    found: dict[str, None] = {}
    starts = _most_tied(node)
    with node.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            for start in starts:
                if len(found) >= THINGS:
                    break
                near = around(view, node.vocabulary, [start], depth=6, most=THINGS - len(found))
                found |= dict.fromkeys(near.things)
        log(tx, actor, "picture_read", results=len(found))
    return list(found)[:THINGS]


def _layout() -> Figure:
    chance = np.random.default_rng(Random(3).randrange(1_000))
    ends = chance.integers(0, THINGS, (2, 2 * THINGS))
    place(THINGS, ends[0], ends[1])
    began = time.process_time()
    place(THINGS, ends[0], ends[1])
    taken = (time.process_time() - began) * 1_000
    return at_most("layout of 1,500 things and 3,000 ties, processor", taken, "ms", _LAYOUT_LIMIT)


def _pictures(address: str, origin: str, cookie: str, turns: int) -> list[Figure]:
    looks: list[tuple[float, float, float, float]] = []
    with _browser() as browser:
        if browser is None:
            return []
        for _ in range(turns):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            name, value = cookie.split()
            context.add_cookies([{"name": name, "value": value, "url": origin}])
            looks.append(_look(context, address))
            context.close()
    pictures, own, answers, processor = (sorted(each) for each in zip(*looks, strict=True))
    middle = len(looks) // 2
    return [
        plain("first picture in a new browser, median", pictures[middle], "ms"),
        at_most("first picture in a new browser, slowest", pictures[-1], "ms", _LIMIT),
        plain("of it after the server's answer, median", own[middle], "ms"),
        plain("the chart answers to the hand, median", answers[middle], "ms"),
        plain("until then the page's thread, processor, median", processor[middle], "ms"),
    ]


def _look(context: Any, address: str) -> tuple[float, float, float, float]:
    """Milliseconds to the first picture, of them after the answer, to the answering chart, and of the page's thread."""
    page = context.new_page()
    page.add_init_script(_LOOK)
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    while not page.evaluate("window.firstPicture && window.answers"):  # waiting within the page is against its policy
        page.wait_for_timeout(50)
    spent = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    first, answers = page.evaluate("[window.firstPicture, window.answers]")
    answered = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    return float(first), float(first - answered), float(answers), 1_000 * float(spent["ThreadTime"])


@contextmanager
def _browser() -> Iterator[Any]:
    """Debian's chromium; None where there is none."""
    place_of = shutil.which("chromium")
    if place_of is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=place_of, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
