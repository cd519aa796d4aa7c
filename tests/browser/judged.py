"""Judged: what is wrong with a page as it stands in front of somebody."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from house import Visit

LATER_ROWS = "tbody tr:nth-of-type(n + 13)"
ONE_H1 = "document.querySelectorAll('h1').length"


def serious(visit: Visit, *, only: str = "", without: str = "") -> list[str]:
    """What axe finds serious; `only` one rule, or all `without` one. Of a long table the first rows stand for all."""
    page = visit.page
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    if without:
        options["rules"] = {without: {"enabled": False}}
    answer = page.evaluate("([where, how]) => axe.run(where, how)", [{"exclude": [LATER_ROWS]}, options])
    return [
        f"axe {each['impact']} {each['id']}: {node['html'][:160]} ({'; '.join(_why(node))})"
        for each in answer["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _why(node: dict[str, Any]) -> list[str]:
    return [str(each["message"])[:200] for kind in ("any", "all") for each in node[kind]]


def shape(visit: Visit, language: str = "en") -> list[str]:
    page = visit.page
    found = [] if page.evaluate(ONE_H1) == 1 else [f"{page.evaluate(ONE_H1)} headings of the first rank"]
    if page.evaluate("document.documentElement.lang") != language:
        found.append(f"lang is {page.evaluate('document.documentElement.lang')}")
    if page.title().partition("·")[0].strip() == "":
        found.append("no title")
    return found


def problems(visit: Visit) -> list[str]:
    """What is wrong with the page as it stands, at the width at which it stands."""
    return shape(visit) + serious(visit) + visit.troubles()
