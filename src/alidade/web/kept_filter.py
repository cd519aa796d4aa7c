"""Kept filter: what a list is filtered by stays with the officer's session, since names do not belong in addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

_PREFIX = "filter-"


def keep_filter(request: HttpRequest, name: str, values: Mapping[str, Any]) -> None:
    """Keep what a form said, empty fields left out."""
    request.session[_PREFIX + name] = {key: value for key, value in values.items() if value not in (None, "", False)}


def kept_filter(request: HttpRequest, name: str) -> dict[str, Any]:
    """What was kept; empty at first."""
    return dict(request.session.get(_PREFIX + name, {}))


def whole_number(request: HttpRequest, name: str) -> int:
    """A number in the address, such as where a page of a list begins; 0 for anything that is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
