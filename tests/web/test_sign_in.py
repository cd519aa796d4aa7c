"""Signing in: what comes first, what is asked, what strangers learn and how long they wait."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the node and the browser are shared by the tests of this folder

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from browsing import require_browser, served, visitor
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from real_node import ADMIN, OFFICER, real_node

from alidade.ledger.entry import decode
from alidade.services.acting import act_as
from alidade.services.ledger import newest_head
from alidade.services.node import Node
from alidade.services.officers import end_access
from alidade.store.trail import entries_of
from alidade.web import patience
from alidade.web.accounts import ONE_TIME_LASTS, close_account, end_sessions, open_account
from alidade.web.models import OneTimePassword
from alidade.web.place import Desk, desk_of
from alidade.web.stepping_up import fresh

WRONG = "The username and/or password you specified are not correct."


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with real_node(tmp_path / "real") as found:
        yield found


def enter(officer: str, password: str, client: Client | None = None, **more: Any) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/sign-in/", {"login": officer, "password": password, **more})


def give_passkey(officer: str) -> User:
    """As after `secure`: a passkey, no password. The key itself is not used where this is called."""
    user = User.objects.get(username=officer)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})
    OneTimePassword.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save()
    return user


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_the_first_sign_in_opens_nothing_but_the_way_to_a_passkey(node: Node) -> None:
    client, answer = enter(OFFICER, open_account(OFFICER))

    assert answer.status_code == 302
    for address in ("/my-day/", "/check/", "/sign-in/factor/", "/sign-in/factor/webauthn/add/", "/grounds/"):
        assert client.get(address).headers.get("Location") == "/sign-in/secure/", address
    page = client.get("/sign-in/secure/").content.decode()
    assert "Make a passkey" in page
    assert "/sign-in/factor/totp/activate/" in page


def test_an_administrator_needs_a_passkey(node: Node) -> None:
    client, _ = enter(ADMIN, open_account(ADMIN))

    assert "totp" not in client.get("/sign-in/secure/").content.decode()
    absent = client.get("/sign-in/factor/totp/activate/")
    assert absent.status_code == 404
    Authenticator.objects.create(user=User.objects.get(username=ADMIN), type="totp", data={"secret": "x"})
    OneTimePassword.objects.all().delete()
    assert client.get("/my-day/").headers.get("Location") == "/sign-in/secure/", "codes are not enough"


def test_an_app_for_codes_and_a_password_of_ones_own(node: Node) -> None:
    given = open_account(OFFICER)
    client, _ = enter(OFFICER, given)
    client.get("/sign-in/factor/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    wrong = client.post("/sign-in/factor/totp/activate/", {"code": "000000" if code_now(secret) != "000000" else "1"})
    right = client.post("/sign-in/factor/totp/activate/", {"code": code_now(secret)})
    codes = client.get(right.headers["Location"]).content.decode()
    again = client.get(right.headers["Location"]).content.decode()

    assert (wrong.status_code, right.status_code) == (200, 302)
    shown = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert all(code in codes for code in shown)
    assert not any(code in again for code in shown), "they are shown once"
    assert client.get("/my-day/").headers["Location"] == "/sign-in/secure/"
    assert client.get("/sign-in/secure/").headers["Location"] == "/sign-in/password/"
    typed = {"oldpassword": given, "password1": "een-lang-eigen-woord", "password2": "een-lang-eigen-woord"}
    changed = client.post("/sign-in/password/", typed)
    assert changed.status_code == 302
    assert client.get("/sign-in/secure/").headers["Location"] == "/my-day/"
    other, answer = enter(OFFICER, "een-lang-eigen-woord")
    assert answer.headers["Location"] == "/sign-in/factor/authenticate/"
    assert other.get("/my-day/").headers["Location"].startswith("/sign-in/?next="), "not before the second step"
    other.post("/sign-in/factor/authenticate/", {"code": shown[0]})
    assert other.get("/sign-in/secure/").headers["Location"] == "/my-day/"


def test_a_one_time_password_expires(node: Node) -> None:
    password = open_account(OFFICER)
    OneTimePassword.objects.update(made_at=timezone.now() - ONE_TIME_LASTS - timedelta(minutes=1))

    client, answer = enter(OFFICER, password)

    assert WRONG in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_lets_in_once_and_only_to_make_a_new_passkey(node: Node) -> None:
    open_account(OFFICER)
    user = give_passkey(OFFICER)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    Authenticator.objects.filter(type="webauthn").delete()  # which no browser has made
    client, answer = enter(OFFICER, code)
    second, refused = enter(OFFICER, code)

    assert answer.status_code == 302
    assert client.get("/check/").headers["Location"] == "/sign-in/secure/"
    assert "totp" not in client.get("/sign-in/secure/").content.decode()
    assert WRONG in refused.content.decode()
    assert "_auth_user_id" not in second.session


def _hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)

        def counted(self: Any, *given: Any, _original: Any = original, _name: str = name) -> Any:
            made.append(_name)
            return _original(self, *given)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    return made


def test_unknown_closed_and_wrong_are_answered_alike_with_the_same_work(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_account(OFFICER)
    closed = open_account(ADMIN)
    close_account(ADMIN)
    User.objects.create(username="nl-politie/keyed")
    give_passkey("nl-politie/keyed")
    made = _hashes(monkeypatch)
    answers, work = [], []
    for officer, password in (
        (OFFICER, "not-the-password"),
        ("nl-politie/nobody", "not-the-password"),
        (ADMIN, closed),
        ("nl-politie/keyed", "not-the-password"),
    ):
        made.clear()
        _, answer = enter(officer, password)
        work.append(len(made))
        answers.append((answer.status_code, answer.content.decode().replace(officer, "officer")))

    assert work == [1, 1, 1, 1]
    unequal = {_without_token(text) for _, text in answers}
    assert len(unequal) == 1
    assert WRONG in answers[0][1]


def _without_token(page: str) -> str:
    return "\n".join(line.split('name="csrfmiddlewaretoken"')[0] for line in page.splitlines())


def test_who_guesses_waits_and_nobody_else_does(node: Node) -> None:
    password = open_account(OFFICER)
    for _ in range(4):
        enter(OFFICER, "wrong-password")

    _, slowed = enter(OFFICER, password)
    _, elsewhere = enter(OFFICER, password, Client(REMOTE_ADDR="192.0.2.9"))
    _, colleague = enter(ADMIN, open_account(ADMIN))

    assert "Too many failed" in slowed.content.decode()
    assert elsewhere.status_code == 302, "the officer at another desk does not notice"
    assert colleague.status_code == 302, "nor does another officer of the same network"


def test_waiting_doubles_ends_and_is_never_for_good(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().post("/sign-in/")
    counted = patience.counted_for(request, "nl-politie/somebody")
    now = [timezone.now()]
    monkeypatch.setattr(patience.timezone, "now", lambda: now[0])
    waits = []
    for _ in range(16):
        while (wait := patience.wait_before(counted)) > 0:
            waits.append(round(wait))
            now[0] += timedelta(seconds=wait)

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert max(waits) == patience.OFFICER_HERE.longest
    now[0] += timedelta(seconds=patience.FADES + 1)
    assert patience.wait_before(counted) == 0.0


def test_a_network_that_floods_slows_only_passwords_and_only_itself(node: Node) -> None:
    request = RequestFactory().post("/sign-in/", REMOTE_ADDR="192.0.2.7")
    waits = [patience.wait_before(patience.counted_for(request, f"nl-politie/{n}")) for n in range(140)]

    assert waits[:100] == [0.0] * 100
    assert 0 < max(waits) <= patience.NETWORK.longest
    elsewhere = RequestFactory().post("/sign-in/", REMOTE_ADDR="192.0.2.8")
    assert patience.wait_before(patience.counted_for(elsewhere, OFFICER)) == 0.0


def test_neither_names_nor_addresses_stand_in_the_table_of_counts(node: Node) -> None:
    from django.db import connection

    enter(OFFICER, "wrong-password")
    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from rate_limit")
        kept = repr(cursor.fetchall())

    assert "patience:" in kept
    assert "devries" not in kept
    assert "127.0.0.1" not in kept


def test_the_session_begins_anew_and_ends_wholly(node: Node) -> None:
    client = Client()
    client.post("/language/", {"language": "fr"})
    client.get("/sign-in/")
    password = open_account(OFFICER)
    enter(OFFICER, password, client)
    before = client.session.session_key
    out = client.post("/sign-out/")

    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=before).exists()
    assert client.get("/check/").headers["Location"].startswith("/sign-in/")


def test_a_session_has_an_end_however_busy(node: Node) -> None:
    open_account(OFFICER)
    give_passkey(OFFICER)
    client = Client()
    client.force_login(User.objects.get(username=OFFICER))
    assert client.get("/directory/").status_code == 200
    assert client.session.get_expiry_age() <= 15 * 60
    session = client.session
    session["signed_in_at"] -= 10 * 3600 + 1
    session.save()

    assert client.get("/directory/").headers["Location"].startswith("/sign-in/")


def test_who_leaves_is_out_at_once(node: Node) -> None:
    open_account(OFFICER)
    give_passkey(OFFICER)
    client = Client()
    client.force_login(User.objects.get(username=OFFICER))
    assert client.get("/directory/").status_code == 200
    end_access(node, act_as(node, ADMIN, purpose="18.2.a"), OFFICER)

    assert client.get("/directory/").headers["Location"].startswith("/sign-in/")
    client.force_login(User.objects.get(username=OFFICER))
    end_sessions(OFFICER)
    assert "_auth_user_id" not in client.session


class _Act:
    """A page of grave effect, behind the second door."""

    done = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        desk = desk_of(request)
        assert isinstance(desk, Desk)

        @fresh
        def release(request: HttpRequest, desk: Desk) -> HttpResponse:
            self.done += 1
            return HttpResponse(request.POST.get("reason", ""))

        return release(request, desk)


def test_what_has_grave_effect_waits_for_a_fresh_sign_in(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old sign-in: the form comes back with what was typed, and is done with the right password alone."""
    from alidade.web.rooms import help as room

    act = _Act()
    monkeypatch.setattr(room, "show", act)
    open_account(OFFICER)
    give_passkey(OFFICER)
    user = User.objects.get(username=OFFICER)
    Authenticator.objects.all().delete()
    Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = Client()
    client.force_login(user)
    factory, session = RequestFactory(), client.session  # one object: its key changes when the officer has confirmed

    def send(**typed: str) -> HttpResponse:
        request = factory.post("/help/", typed)
        request.session, request.user = session, user
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        from allauth.core.context import request_context
        from django.contrib.messages.storage.fallback import FallbackStorage

        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        with request_context(request):
            answer = act(request)
        request.session.save()
        return answer

    asked = send(reason='"typed" & kept')
    wrong = send(**{"reason": "x", "confirm-code": "1"})
    right = send(**{"reason": "x", "confirm-code": code_now("JBSWY3DPEHPK3PXP")})
    after = send(reason="y")

    assert asked.status_code == 403
    assert 'name="reason" value="&quot;typed&quot; &amp; kept"' in asked.content.decode()
    assert wrong.status_code == 403
    assert (right.content, after.content, act.done) == (b"x", b"y", 2)


@pytest.mark.parametrize("language", ["fr", "es", "pt-pt", "pt-br"])
def test_what_the_library_says_is_translated(node: Node, language: str) -> None:
    client = Client(headers={"accept-language": language})
    _, answer = enter("nl-politie/nobody", "wrong-password", client)

    assert answer.headers["Content-Language"] == language
    assert WRONG not in answer.content.decode()
    word = {"fr": "mot de passe", "es": "contraseña", "pt-pt": "palavra-passe", "pt-br": "senha"}[language]
    assert word in answer.content.decode().lower()


def test_a_passkey_is_made_and_used_in_a_browser(tmp_path: Path) -> None:
    require_browser()
    with served(tmp_path / "home") as node, visitor(node.address) as who:
        who.open("/")
        who.type("Set-up code", node.code)
        who.press("Begin for real")
        who.choose("State or body", "NL")
        who.type("Name of the authority", "Politie")
        who.choose("Function", "police")
        who.type("Contact", "desk@politie.example")
        who.type("First officer", "j.devries")
        who.press("Begin")
        who.give_device()
        who.press("Make a passkey")
        assert who.title == "You are ready"
        who.open("/sign-out/")
        who.press("Sign out")
        who.open("/sign-in/")
        who.press("Sign in with a passkey")
        assert who.page.locator("body[data-desk]").count() == 1
        who.open("/sign-in/factor/")
        assert "made on" in who.page.inner_text("main")
        assert who.problems == []


def test_a_sign_in_stands_in_the_ledger(node: Node) -> None:
    before = newest_head(node)
    enter(OFFICER, "wrong")
    assert newest_head(node) == before  # who is not known has done nothing
    client, _ = enter(OFFICER, open_account(OFFICER))
    assert client.get("/my-day/").headers["Location"] == "/sign-in/secure/"
    after = newest_head(node)
    assert before is not None
    assert after is not None
    assert after.size == before.size + 1
    (body,) = entries_of(node.store.alias, node.store.keys, OFFICER.split("/")[0], 1)
    assert body is not None
    entry = decode(body)
    assert (entry.act, entry.officer, entry.decision) == ("sign_in", OFFICER, "allowed")
    assert dict(entry.details) == {"way": "password"}
