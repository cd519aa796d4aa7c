"""Place: the node behind the pages, the officer at the desk, and the grounds in force; and the door of every page.

A page is a function of a request and a desk, wrapped by `page`. The wrapper lets in nobody who is not signed in, whose
access has ended, or whose role does not list the act of the page: to them the page is absent. Where the page shows
anything personal it asks first for purpose and case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from alidade.api.problems import problem
from alidade.model.directory import Authority, Officer
from alidade.model.errors import AlidadeError, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services import serving
from alidade.services.acting import act_as, officer_at_work
from alidade.services.node import Node
from alidade.web.accounts import is_secured, officer_of
from alidade.web.forms_of_grounds import GroundsForm
from alidade.web.language import vocabulary_language

P = ParamSpec("P")
GROUNDS, SIGNED_IN_AT = "grounds", "signed_in_at"
LONGEST_SESSION = 10 * 3600  # seconds, however busy: security design 6.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What is stated before anything personal can be read; kept in the session, shown in the top line."""

    purpose: str
    case: str
    legal_ground: str
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The officer at work in front of a page."""

    node: Node
    officer: Officer
    authority: Authority
    acts: frozenset[str]
    grounds: Grounds | None
    language: str

    def may(self, act: str) -> bool:
        """Whether the officer's role lists the act."""
        return act in self.acts

    @property
    def actor(self) -> Actor:
        """The officer as the use cases know him. Raises NotAllowed where no grounds were stated."""
        if self.grounds is None:
            raise NotAllowed("Before anything personal can be read, state purpose and case.", code="grounds_missing")
        return act_as(
            self.node,
            self.officer.id,
            purpose=self.grounds.purpose,
            case=self.grounds.case,
            legal_ground=self.grounds.legal_ground,
            justification=self.grounds.justification,
        )

    @property
    def administrator(self) -> Actor:
        """The officer for acts that show nothing personal, for which no grounds are asked."""
        if self.grounds is not None:
            return self.actor
        return act_as(self.node, self.officer.id, purpose=next(iter(self.node.vocabulary.purposes)))


Page = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]


def page(
    act: str | None = None, *, personal: bool = True, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """The door of a page: `act` is what the officer's role must list; `personal` pages need purpose and case."""

    def door(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def behind(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            desk = desk_of(request)
            if isinstance(desk, HttpResponse):
                return desk
            if act is not None and not desk.may(act):
                raise NotFound("There is nothing here that you may see.")
            if request.method not in (*methods, "HEAD"):
                return HttpResponseNotAllowed(methods)
            if personal and desk.grounds is None:
                return ask_for_grounds(request)
            return view(request, desk, *args, **kwargs)

        behind.act = act  # type: ignore[attr-defined]  # read by the frame and by the walk over all addresses
        behind.personal = personal  # type: ignore[attr-defined]
        return behind

    return door


def desk_of(request: HttpRequest) -> Desk | HttpResponse:
    """The desk of the one who is signed in, or the page that must come first."""
    kept: Desk | HttpResponse | None = getattr(request, "desk", None)
    if kept is not None:
        return kept
    officer = officer_of(request)
    if officer is None:
        return _sign_in(request)
    node = serving.node()
    known = officer_at_work(node, officer)
    started = request.session.setdefault(SIGNED_IN_AT, timezone.now().timestamp())
    if known is None or timezone.now().timestamp() - started > LONGEST_SESSION:
        logout(request)
        return _sign_in(request)
    person, authority = known
    acts = frozenset(node.vocabulary.roles[person.role].acts)
    if not authority.invented and not is_secured(request, administrator="officer_manage" in acts):
        return redirect("secure")
    desk = Desk(
        node=node,
        officer=person,
        authority=authority,
        acts=acts,
        grounds=_grounds_of(request),
        language=vocabulary_language(),
    )
    request.desk = desk  # type: ignore[attr-defined]  # once for each request
    return desk


def seat(request: HttpRequest) -> None:
    """Draw the frame of the one who is signed in around a page that is open to all."""
    try:
        desk_of(request)
    except AlidadeError:
        return  # the page is shown without the rooms


def _grounds_of(request: HttpRequest) -> Grounds | None:
    kept = request.session.get(GROUNDS)
    return Grounds(**kept) if kept else None


def ask_for_grounds(request: HttpRequest) -> HttpResponse:
    """The page that asks for purpose and case and then goes on to where the officer wanted to be."""
    form = GroundsForm(node=serving.node(), language=vocabulary_language())
    onward = request.get_full_path() if request.method == "GET" else reverse("my-day")
    return render(request, "web/grounds.html", {"form": form, "onward": onward, "asked": True}, status=403)


def onward(request: HttpRequest, default: str = "my-day") -> HttpResponseRedirect:
    """To the page of this site that the form names, and nowhere else."""
    wanted = request.POST.get("onward", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return HttpResponseRedirect(wanted)
    return redirect(default)


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and request.path != "/":
        return redirect(f"{reverse('account_login')}?next={request.path}")
    return redirect("account_login")


def has_begun(request: HttpRequest) -> bool:
    """Whether this node has an authority yet."""
    try:
        return serving.has_begun()
    except NotFound:
        return False


def is_ours(request: HttpRequest) -> bool:
    """Whether the frame can be drawn: the node is there and has begun."""
    return has_begun(request)


def begin_at(request: HttpRequest) -> HttpResponse:
    """To the first run."""
    return redirect("begin")


class PlaceMiddleware:
    """Before a node has begun every address leads to the first run."""

    OPEN = ("/begin/", "/static/", "/health/", "/language/", "/help/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.OPEN) and not has_begun(request):
            if request.path.startswith("/api/"):
                return problem(503, "not_begun", "This node has not begun.", "Begin with: alidade init.")
            return begin_at(request)
        return self._get_response(request)


def once(request: HttpRequest, name: str) -> Any:
    """What was kept for the next page alone, such as a password that is shown once."""
    return request.session.pop(f"once-{name}", None)
