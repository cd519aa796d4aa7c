"""Addresses of the API, to be mounted at /api/v1/: those of its parts, its description, and what leads nowhere."""

from __future__ import annotations

import re
from typing import Any, cast

from django.urls import URLPattern, re_path

from alidade.api.face import PREFIX, api, body_type, longest_body, query_parameters
from alidade.api.guard import guarded, nothing_here


def _guarded(pattern: Any) -> URLPattern:
    if not isinstance(pattern, URLPattern):
        raise AssertionError
    path = PREFIX + re.sub("<([^>]+)>", r"{\1}", str(pattern.pattern))

    def parameters(method: str) -> frozenset[str]:
        return query_parameters(path, method)

    def body(method: str) -> str:
        return body_type(path, method)

    def longest(method: str) -> int:
        return longest_body(path, method)

    pattern.callback = guarded(pattern.callback, parameters, body, longest)
    return pattern


_found = [_guarded(pattern) for pattern in cast("list[Any]", api.urls[0]) if pattern.name != "api-root"]
urlpatterns = [*_found, re_path(r"^.*$", guarded(nothing_here), name="api-nothing")]
# For whoever mounts this: what lies beside the mounted addresses is answered in the same form.
elsewhere = re_path(r"^api(?:/.*)?$", guarded(nothing_here), name="api-elsewhere")
