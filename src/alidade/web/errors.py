"""Errors as pages: what is wrong and what to do. Absent and forbidden give the same bytes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from alidade.model.errors import AlidadeError, Conflict, Damaged, Invalid, NotAllowed, NotFound
from alidade.web.place import begin_at, is_ours, seat
from alidade.web.told import told

_STATUS: tuple[tuple[type[AlidadeError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (Conflict, 409),
    (Damaged, 503),
)
__all__ = ["ErrorMiddleware", "broken", "error_page", "forged", "not_found", "status_of", "told"]
NO_PAGE = gettext_noop("There is nothing here that you may see.")


def status_of(error: AlidadeError) -> int:
    """The status code of an answer that tells of this error."""
    return next((number for kind, number in _STATUS if isinstance(error, kind)), 500)


class ErrorMiddleware:
    """Turns an error of the product into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an AlidadeError; None for any other, which is answered without a word of its text."""
        if not isinstance(error, AlidadeError) or request.path.startswith("/api/"):
            return None
        return error_page(request, error)


def error_page(request: HttpRequest, error: AlidadeError) -> HttpResponse:
    """The page of an error."""
    if not is_ours(request):
        return begin_at(request)
    if type(error) is not AlidadeError:  # after what nobody foresaw, nothing more is tried
        seat(request)
    if isinstance(error, NotFound):
        request.resolver_match = None  # the frame marks no room: it would tell which addresses there are
    message, remedy = told(error)
    status = status_of(error)
    return render(request, "web/error.html", {"message": message, "remedy": remedy, "status": status}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere, and for one that this officer may not open."""
    return error_page(request, NotFound(NO_PAGE))


def broken(request: HttpRequest) -> HttpResponse:
    """The page for an error that nobody foresaw. It says nothing of what went wrong, which may be personal."""
    message = gettext_noop("Something went wrong here, and nothing of this act was kept.")
    return error_page(request, AlidadeError(message, remedy=gettext_noop("Try again.")))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was not sent from here, or was open for too long."""
    message = gettext_noop("This form was open for too long, or was not sent from these pages. Nothing was done.")
    return error_page(request, NotAllowed(message, remedy=gettext_noop("Go back, reload the page and send it again.")))
