"""Listening: the little server at which other nodes give envelopes and fetch theirs.

It speaks just as much HTTP/1.1 as that needs, on a port of its own, to holders of pinned certificates alone. Whatever
is not exactly the one request that there is ends the connection.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from alidade.model.errors import AlidadeError, Unreadable
from alidade.services.exchange.certificates import fingerprint
from alidade.services.exchange.frames import LARGEST_BODY, join_frames, split_frames
from alidade.services.exchange.transport_https import MEDIA, PATH

Handle = Callable[[str, Sequence[bytes]], list[bytes]]
"""What is done with the envelopes of the holder of a certificate (its fingerprint), and what he gets back."""

_LARGEST_HEAD: Final = 8_192
_REQUEST: Final = re.compile(
    rb"POST " + PATH.encode() + rb" HTTP/1\.1\r\n((?:[!#-'*+.0-9A-Z^-z|~-]+:[ -~\t]*\r\n)+)\r\n"
)
_STATUS: Final = {200: "OK", 400: "Bad Request", 403: "Forbidden", 413: "Content Too Large", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a caller may take (seconds) and how many may call at once, altogether and with one certificate."""

    handshake: float = 10.0
    head: float = 30.0
    body: float = 60.0
    connections: int = 64
    for_one: int = 8


class Listener:
    """Listens until closed; envelopes are handled one portion after the other, in one thread of their own."""

    def __init__(
        self,
        context: ssl.SSLContext,
        known: Callable[[str], bool],
        handle: Handle,
        worker: ThreadPoolExecutor,
        limits: Limits | None = None,
    ) -> None:
        """`known`: whether a fingerprint is pinned at this moment (asked in the worker, at each request)."""
        self._context = context
        self._known = known
        self._handle = handle
        self._worker = worker
        self._limits = limits or Limits()
        self._callers: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self.failure: BaseException | None = None

    async def open(self, address: str, port: int) -> int:
        """Begin to listen; the port, which the system chose where 0 was asked for."""
        self._server = await asyncio.start_server(
            self._serve,
            address,
            port,
            ssl=self._context,
            ssl_handshake_timeout=self._limits.handshake,
            limit=_LARGEST_HEAD * 2,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        caller = fingerprint(shown) if shown else ""
        self._callers[caller] += 1
        try:
            busy = self._callers.total() > self._limits.connections or self._callers[caller] > self._limits.for_one
            if not caller or busy:
                await self._answer(writer, 503, [])
                return
            while await self._request(reader, writer, caller):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ssl.SSLError):
            pass  # the caller went away, or took too long; what he gave was acknowledged only if it was answered
        except asyncio.CancelledError:
            pass  # the node stops; the streams of the standard library would report that as an error
        finally:
            self._callers[caller] -= 1
            self._callers += Counter()  # forget those who have gone
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, caller: str) -> bool:
        """Take one request; whether another may follow."""
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), self._limits.head)
        length = body_length(head)
        if length is None or length > LARGEST_BODY:
            await self._answer(writer, 400 if length is None else 413, [])
            return False
        body = await asyncio.wait_for(reader.readexactly(length), self._limits.body)
        loop = asyncio.get_running_loop()
        try:
            frames = split_frames(body)
            answer = await loop.run_in_executor(self._worker, self._work, caller, frames)
        except Unreadable:
            await self._answer(writer, 400, [])
            return False
        except AlidadeError as error:
            self.failure = error
            await self._answer(writer, 503, [])
            return False
        except Exception:  # a busy database, or an error of ours: nothing was acknowledged, so the caller tries again
            await self._answer(writer, 503, [])
            return False
        await self._answer(writer, 403 if answer is None else 200, answer or [])
        return answer is not None

    def _work(self, caller: str, frames: Sequence[bytes]) -> list[bytes] | None:
        """Everything that touches the node, in the thread that has it open."""
        return self._handle(caller, frames) if self._known(caller) else None

    async def _answer(self, writer: asyncio.StreamWriter, status: int, frames: Sequence[bytes]) -> None:
        body = join_frames(frames)
        head = (
            f"HTTP/1.1 {status} {_STATUS[status]}\r\nContent-Type: {MEDIA}\r\nContent-Length: {len(body)}\r\n"
            f"Cache-Control: no-store\r\nConnection: {'keep-alive' if status == 200 else 'close'}\r\n\r\n"
        )
        writer.write(head.encode("ascii") + body)
        await asyncio.wait_for(writer.drain(), self._limits.body)


def body_length(head: bytes) -> int | None:
    """The length of the body that a request announces; None where the request is not the one that there is."""
    if len(head) > _LARGEST_HEAD:
        return None
    found = _REQUEST.fullmatch(head)
    if found is None:
        return None
    fields: dict[bytes, bytes] = {}
    for line in found[1].split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        if name.lower() in fields:
            return None  # said twice is said unclearly
        fields[name.lower()] = value.strip(b" \t")
    length = fields.get(b"content-length", b"")
    if b"transfer-encoding" in fields or fields.get(b"content-type") != MEDIA.encode():
        return None
    return int(length) if re.fullmatch(rb"0|[1-9][0-9]{0,8}", length) else None
