"""Language: the four languages of the pages, chosen by the person and kept in a cookie, else taken from the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """Speaks the language of the cookie, or the best that the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response


def vocabulary_language() -> str:
    """The language in force as the vocabulary writes it: en, fr, es, pt or pt_BR."""
    return {"pt-br": "pt_BR", "pt-pt": "pt"}.get(translation.get_language() or "en", translation.get_language() or "en")
