"""Client: one method for each thing that a program does at a node. Whatever was lost is asked again, never twice."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from alidade.client.errors import ClientError, NoAnswer, Refused

API = "/api/v1"
PORTION = 50  # questions in one request
_LONGEST_ANSWER = 512 * 1024 * 1024
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})

Ruling = Literal["same", "not_the_same", "unsure"]
Json = dict[str, Any]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token must not follow wherever an answer points."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Client:
    """Speaks to one node with one token, over TLS; without TLS only on this machine.

    Every method raises Refused with the node's code and remedy, or NoAnswer. A request that gets no answer is sent a
    second time under the same key, so that nothing is asked or given twice.
    """

    def __init__(
        self, url: str, token: str, *, timeout: float = 30.0, trusted: str | None = None, language: str = "en"
    ) -> None:
        """`url` is that of the node, such as https://node.example; `trusted`: file of the certificates to trust.

        Raises ClientError for an address without TLS elsewhere than on this machine.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise ClientError(
                "A node is addressed with https; http only on this machine.", code="plain_http", remedy="Use https."
            )
        if parts.path.strip("/") or parts.query or parts.username:
            raise ClientError("The address of a node ends with its name or port.", code="address")
        self._base = f"{parts.scheme}://{parts.netloc}{API}"
        self._token = token
        self._timeout = timeout
        self._language = language
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}) if parts.hostname in _HERE else urllib.request.ProxyHandler(),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=trusted)),
            _NoRedirects,
        )

    # -- checks ---------------------------------------------------------------------------------------------------

    def check(self, text: str, **about: str | bool) -> Json:
        """Ask one question; `about`: kind, birth_date, nationality, country, use, ask_again (true or false)."""
        return self._json("POST", f"/checks?language={self._language}", {"text": text, **about}, repeatable=True)

    def check_many(self, questions: Iterable[str | Mapping[str, str]]) -> list[Json]:
        """Ask many questions; for each an `answer`, or the `problem` with it, in their order."""
        listed = [{"text": one} if isinstance(one, str) else dict(one) for one in questions]
        answers: list[Json] = []
        for start in range(0, len(listed), PORTION):
            body = {"questions": listed[start : start + PORTION]}
            path = f"/checks/batch?language={self._language}"
            answers.extend(self._json("POST", path, body, repeatable=True)["answers"])
        return answers

    def answer(self, check: str) -> Json:
        """The answer to a check that was made before, as it may be seen now."""
        return self._json("GET", f"/checks/{_part(check)}")

    def hits(self) -> list[Json]:
        """The hits of one's own authority that wait for a ruling."""
        found: list[Json] = self._json("GET", "/hits")["hits"]
        return found

    def rule(self, hit: str, ruling: Ruling, reason: str, *, note: str = "") -> Json:
        """Pass on what a person ruled on a hit."""
        body = {"ruling": ruling, "reason": reason, "note": note}
        return self._json("POST", f"/hits/{_part(hit)}/verdict", body)

    def notices(self, *, unseen: bool = False) -> list[Json]:
        """Who asked about what one's own authority gave, newest first."""
        found: list[Json] = self._json("GET", f"/notices?unseen={'true' if unseen else 'false'}")["notices"]
        return found

    # -- contributions and records --------------------------------------------------------------------------------

    def contribute(
        self,
        title: str,
        records: Iterable[Mapping[str, Any]],
        handling: Mapping[str, Any],
        **more: Any,
    ) -> Json:
        """Give records under conditions; `more`: source_list, scheme, other_handlings. What became of them."""
        body = {"title": title, "records": list(records), "handling": dict(handling), **more}
        return self._json("POST", "/contributions", body, repeatable=True)

    def withdraw(self, contribution: str, reason: str) -> Json:
        """Withdraw a contribution of one's own authority."""
        return self._json("POST", f"/contributions/{_part(contribution)}/withdraw", {"reason": reason})

    def record(self, reference: str) -> Json:
        """A record and what is joined with it."""
        return self._json("GET", f"/records/{_part(reference)}")

    def export(self) -> bytes:
        """Everything that may be taken out, as CSV (UTF-8)."""
        return self._send("GET", "/export", None, {})

    def words(self, name: str) -> list[Json]:
        """The entries of a list of the vocabulary."""
        found: list[Json] = self._json("GET", f"/words/{_part(name)}")["entries"]
        return found

    # -- threads --------------------------------------------------------------------------------------------------

    def inbox(self, folder: str = "mine", *, size: int = 50) -> Iterator[Json]:
        """The threads of one list, what expires first first; further pages are fetched as they are needed.

        Lists: mine, unit, unassigned, urgent, all, awaited, copies, closed.
        """
        after = ""
        while True:
            asked = urllib.parse.urlencode({"folder": folder, "after": after, "size": size, "language": self._language})
            page = self._json("GET", f"/inbox?{asked}")
            yield from page["lines"]
            after = page["next"]
            if not after:
                return

    def awaited(self) -> list[Json]:
        """What other authorities owe, what expires first first."""
        found: list[Json] = self._json("GET", f"/awaited?language={self._language}")["awaited"]
        return found

    def form(self, procedure: str, step: str = "open") -> Json:
        """The form of a step: `values` is the JSON Schema of its answers; its reasons, and the roles of an opening."""
        return self._json("GET", f"/procedures/{_part(procedure)}/forms/{_part(step)}?language={self._language}")

    def open(
        self,
        procedure: str,
        parties: Mapping[str, str],
        title: str,
        values: Mapping[str, Any],
        handling: Mapping[str, Any],
        *,
        preview: bool = False,
        **more: Any,
    ) -> Json:
        """Open a thread as an officer decided; `parties`: each authority with its role. With `preview` nothing is sent.

        `more`: case, own_role, version; and note, attachments, records, quotes of the first step. It is not sent a
        second time by itself: after NoAnswer look into the list `awaited` first.
        """
        step = {"code": "open", "values": dict(values)}
        step |= {name: more.pop(name) for name in ("note", "attachments", "records", "quotes") if name in more}
        body = {"procedure": procedure, "parties": dict(parties), "title": title, "step": step, **more}
        return self._json("POST", "/threads/preview" if preview else "/threads", body | {"handling": dict(handling)})

    def thread(self, reference: str) -> Json:
        """Everything that one's own authority may see of a thread; it counts as read."""
        return self._json("GET", f"/threads/{_part(reference)}?language={self._language}")

    def step(
        self,
        thread: str,
        code: str,
        values: Mapping[str, Any] | None = None,
        *,
        preview: bool = False,
        **more: Any,
    ) -> Json:
        """Take a step as an officer decided; `more`: reason, note, language, attachments, records, quotes, translates.

        It is not sent a second time by itself: after NoAnswer read the thread first.
        """
        body = {"code": code, "values": dict(values or {}), **more}
        return self._json("POST", f"/threads/{_part(thread)}/steps{'/preview' if preview else ''}", body)

    def send_file(self, path: str | PathLike[str], *, reference: str = "") -> str:
        """Send a file in pieces and have it checked; its reference, for `attachments` of a step.

        After a break, call it again with the `reference` that the error has: only what is missing is sent.
        """
        file = Path(path)
        if reference:
            upload = self._json("GET", f"/attachments/{_part(reference)}")
        else:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            upload = self._json(
                "POST", "/attachments", {"name": file.name, "size": file.stat().st_size, "sha256": digest}
            )
        reference = str(upload["reference"])
        try:
            with file.open("rb") as content:
                while upload["next_piece"] >= 0:
                    number = upload["next_piece"]
                    content.seek(number * upload["piece"])
                    path_of_piece = f"/attachments/{_part(reference)}/pieces/{number}"
                    upload = self._piece(path_of_piece, content.read(upload["piece"]))
            if upload["state"] == "coming":
                self._json("POST", f"/attachments/{_part(reference)}/finish")
        except NoAnswer as error:
            error.reference = reference
            raise
        return reference

    def file(self, thread: str, reference: str) -> bytes:
        """A file of a thread, as it was given. Save it; never open it from here."""
        return self._twice("GET", f"/threads/{_part(thread)}/attachments/{_part(reference)}", None, {}, may=True)

    # -- underneath -----------------------------------------------------------------------------------------------

    def _json(self, method: str, path: str, body: object = None, *, repeatable: bool = False) -> Json:
        headers = {}
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        if repeatable:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = self._twice(method, path, content, headers, may=repeatable or method == "GET")
        return _read(answer)

    def _piece(self, path: str, content: bytes) -> Json:
        headers = {"Content-Type": "application/octet-stream"}
        return _read(self._twice("PUT", path, content, headers, may=True))  # the same piece again does no harm

    def _twice(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str], *, may: bool) -> bytes:
        if may:
            with suppress(NoAnswer):
                return self._send(method, path, content, headers)
        return self._send(method, path, content, headers)

    def _send(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> bytes:
        request = urllib.request.Request(  # noqa: S310  # the scheme was looked at when the client was made
            self._base + path,
            data=content,
            method=method,
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json", **headers},
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                told: bytes = answer.read(_LONGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer("The node did not answer.", code="no_answer", remedy="Try again later.") from error
        if len(told) > _LONGEST_ANSWER:
            raise NoAnswer("The answer is longer than is taken.", code="too_long")
        return told


def _part(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _read(answer: bytes) -> Json:
    try:
        return dict(json.loads(answer))
    except ValueError as error:
        raise NoAnswer("What answered is no node.", code="no_node", remedy="Check the address.") from error


def _refused(error: urllib.error.HTTPError) -> ClientError:
    try:
        problem = json.loads(error.read(1024 * 1024))
    except (ValueError, OSError, http.client.HTTPException):
        problem = None
    if not isinstance(problem, dict):
        return NoAnswer("What answered is no node.", code="no_node", remedy="Check the address.")
    wait = error.headers.get("Retry-After", "")
    return Refused(problem, error.code, int(wait) if wait.isdigit() else None)
