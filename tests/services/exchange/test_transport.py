"""The wire: mutual TLS 1.3 with pinned certificates on this machine, and callers who do not keep to the rules."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from personas import Dice

from alidade.model.errors import Unreadable
from alidade.services.exchange.certificates import client_context, fingerprint, make_certificate, server_context, trust
from alidade.services.exchange.frames import LARGEST_BODY, MOST_FRAMES, join_frames, portion_of, split_frames
from alidade.services.exchange.listening import Limits, Listener, body_length
from alidade.services.exchange.transport_https import MEDIA, Line, Unreachable

DICE = Dice("wire")


@dataclass(frozen=True)
class Holder:
    """Somebody with a certificate."""

    seed: bytes
    certificate: bytes

    @property
    def pin(self) -> str:
        return fingerprint(self.certificate)


def holder(name: str) -> Holder:
    seed = sha256(name.encode()).digest()
    # Real time: TLS libraries look at the clock of the machine.
    return Holder(seed, make_certificate(seed, sha256(seed).digest()[:16], datetime.now(UTC)))


SERVER, FRIEND, STRANGER, FORMER = (holder(name) for name in ("server", "friend", "stranger", "former"))


class Node:
    """A listening node that answers each envelope with itself reversed."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.worker = ThreadPoolExecutor(1)
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.context = server_context(SERVER.seed, SERVER.certificate, [FRIEND.certificate, FORMER.certificate], DICE)
        self.taken: list[bytes] = []
        limits = Limits(handshake=2, head=2, body=2)
        self.listener = Listener(self.context, lambda pin: pin == FRIEND.pin, self._handle, self.worker, limits)
        self.port = self._run(self.listener.open("127.0.0.1", 0))

    def _run(self, what: object) -> int:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(10)  # type: ignore[arg-type,no-any-return]

    def _handle(self, pin: str, frames: Sequence[bytes]) -> list[bytes]:
        self.taken.extend(frames)
        return [frame[::-1] for frame in frames]

    def close(self) -> None:
        self._run(self.listener.close())
        self._run(_end_of_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()
        self.worker.shutdown()

    def raw(self, who: Holder = FRIEND) -> ssl.SSLSocket:
        context = client_context(who.seed, who.certificate, [SERVER.certificate], DICE)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=5))

    def line(self, who: Holder = FRIEND, server: Holder = SERVER) -> Line:
        context = client_context(who.seed, who.certificate, [server.certificate], DICE)
        return Line(f"127.0.0.1:{self.port}", context, {server.pin}, patience=5)


async def _end_of_tasks() -> int:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return 0


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    made = Node()
    yield made
    made.close()


def test_envelopes_go_and_come_over_one_connection(node: Node) -> None:
    line = node.line()
    assert line.exchange([b"abc", b"de"]) == [b"cba", b"ed"]
    assert line.exchange([]) == []
    line.close()


def test_a_stranger_is_not_heard(node: Node) -> None:
    before = len(node.taken)
    with pytest.raises(Unreachable):
        node.line(STRANGER).exchange([b"abc"])
    assert len(node.taken) == before


def test_who_was_a_peer_is_not_heard_any_more(node: Node) -> None:
    """The certificate still opens the connection; no manifest carries it now."""
    before = len(node.taken)
    with pytest.raises(Unreachable) as met:
        node.line(FORMER).exchange([b"abc"])
    assert met.value.code == "status_403"
    assert len(node.taken) == before


def test_a_new_peer_is_heard_while_the_node_listens(node: Node) -> None:
    newcomer = holder("newcomer")
    trust(node.context, [newcomer.certificate])
    known = node.listener._known
    node.listener._known = lambda pin: pin == newcomer.pin
    line = node.line(newcomer)
    try:
        assert line.exchange([b"ab"]) == [b"ba"]
    finally:
        node.listener._known = known
        line.close()


def test_another_server_at_the_address_gets_nothing(node: Node) -> None:
    with pytest.raises(Unreachable) as met:
        node.line(server=STRANGER).exchange([b"abc"])
    assert met.value.code == "tls"


def test_a_server_that_is_trusted_for_others_is_not_taken_for_this_one(node: Node) -> None:
    context = client_context(FRIEND.seed, FRIEND.certificate, [SERVER.certificate, STRANGER.certificate], DICE)
    with pytest.raises(Unreachable) as met:
        Line(f"127.0.0.1:{node.port}", context, {STRANGER.pin}, patience=5).exchange([b"abc"])
    assert met.value.code == "wrong_certificate"


def test_tls_1_2_is_refused(node: Node) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    plain = socket.create_connection(("127.0.0.1", node.port), timeout=5)
    with context.wrap_socket(plain, do_handshake_on_connect=False) as line, pytest.raises(ssl.SSLError):
        line.do_handshake()


def test_no_certificate_no_word(node: Node) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", node.port), timeout=5) as plain:
        assert _heard(context.wrap_socket(plain), [_request(b"")]) == b""


def test_plain_text_is_not_answered(node: Node) -> None:
    with socket.create_connection(("127.0.0.1", node.port), timeout=5) as plain:
        plain.sendall(_request(b""))
        assert b"200" not in plain.recv(1000)


def _request(body: bytes, length: int | None = None, extra: str = "", path: str = "/envelopes") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {MEDIA}\r\n{extra}"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    ).encode() + body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(_request(b"", LARGEST_BODY + 1), 413, id="longer than is taken"),
        pytest.param(b"GET /envelopes HTTP/1.1\r\nHost: x\r\n\r\n", 400, id="another method"),
        pytest.param(_request(b"", path="/"), 400, id="another path"),
        pytest.param(_request(b"", path="http://x/envelopes"), 400, id="as to a proxy"),
        pytest.param(_request(b"", extra="Transfer-Encoding: chunked\r\n"), 400, id="two lengths"),
        pytest.param(_request(b"", extra="Content-Length: 5\r\n"), 400, id="a length twice"),
        pytest.param(_request(b"", -1), 400, id="a negative length"),
        pytest.param(_request(b"", extra=" folded\r\n"), 400, id="a folded line"),
        pytest.param(_request(b"", extra="X: \x00\r\n"), 400, id="a control character"),
        pytest.param(_request(b"\x00\x00\x00\x05abc"), 400, id="a frame cut short"),
        pytest.param(_request(b"\x00\x00\x00\x00"), 400, id="an empty frame"),
        pytest.param(_request(b"\xff\xff\xff\xffabc"), 400, id="a frame of four gigabytes"),
        pytest.param(b"POST /envelopes HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 400, id="an older protocol"),
    ],
)
def test_what_is_not_the_one_request_ends_the_connection(node: Node, request_: bytes, status: int) -> None:
    before = len(node.taken)
    with node.raw() as line:
        line.sendall(request_)
        answer = b""
        while part := line.recv(1000):
            answer += part
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Connection: close" in answer
    assert len(node.taken) == before


def test_a_caller_who_never_ends_his_request_is_dropped(node: Node) -> None:
    with node.raw() as line:
        line.sendall(b"POST /envelopes HTTP/1.1\r\nHost: ")
        assert line.recv(100) == b""


def test_an_endless_head_is_dropped(node: Node) -> None:
    assert b"200" not in _heard(node.raw(), [b"X: " + b"a" * 1_000 + b"\r\n"] * 2_000)
    assert body_length(b"X" * 9_000) is None


def _heard(line: ssl.SSLSocket, parts: Sequence[bytes]) -> bytes:
    """What comes back; nothing where the connection is ended."""
    with line:
        try:
            for part in parts:
                line.sendall(part)
            return line.recv(1_000)
        except (ssl.SSLError, OSError):
            return b""


def test_frames_are_what_they_were() -> None:
    frames = [b"a", b"bc" * 1000, b"d"]
    assert split_frames(join_frames(frames)) == frames
    assert portion_of([b"x" * 100] * 10, largest=250) == 2
    assert portion_of([b"x" * 1000], largest=250) == 1
    with pytest.raises(Unreadable):
        split_frames(join_frames([b"a"] * (MOST_FRAMES + 1)))
    with pytest.raises(Unreadable):
        split_frames(b"\x00" * (LARGEST_BODY + 1))


def test_no_address_no_call() -> None:
    context = client_context(FRIEND.seed, FRIEND.certificate, [SERVER.certificate], DICE)
    for address in ("", "host", "host:", ":1", "host:0", "host:99999", "host:x"):
        with pytest.raises(Unreachable):
            Line(address, context, {SERVER.pin})


def test_the_private_key_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    server_context(SERVER.seed, SERVER.certificate, [FRIEND.certificate], DICE)
    assert list(tmp_path.iterdir()) == []
