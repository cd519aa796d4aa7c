"""Relay keeping: what the operator of a relay does: begin one, say whom it serves, see how much waits, run it.

A relay has a folder of its own, with a certificate and a store, and is no node: it has no officers, no records and no
keys but that of its certificate. Several of its machine's accounts may be able to read the folder's names, nobody its
envelopes.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alidade.exchange.manifest import check_next, fingerprint, parse
from alidade.exchange.reasons import Refused
from alidade.model.errors import Conflict, Damaged, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.ports import Clock, Randomness
from alidade.services.exchange.certificates import server_context, spoken_certificate, trust, written_certificate
from alidade.services.exchange.listening import Limits, Listener
from alidade.services.exchange.manifest_file import read_chain
from alidade.services.exchange.own_keys import certificate_of
from alidade.services.exchange.relay_desk import RelayDesk, RelayLimits
from alidade.store.exchange.relay_box import Heap, RelayBox
from alidade.store.keystore import KeyStore

CERTIFICATE: Final = "relay.certificate"
_FILE: Final = "relay.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The folder of a relay, with the clock and the chance of its machine."""

    folder: Path
    clock: Clock
    randomness: Randomness


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayState:
    """How a relay stands: the fingerprint of its certificate, whom it serves, and how much waits for whom."""

    fingerprint: str
    served: tuple[AuthorityId, ...]
    heaps: tuple[Heap, ...]


def begin_relay(machine: Machine) -> str:
    """Make the folder of a relay, with its certificate to be handed out; the fingerprint to be read out with it.

    Raises Conflict where the folder holds a relay, or a node, already.
    """
    if any((machine.folder / name).exists() for name in (_FILE, "keys.db", "alidade.db")):
        raise Conflict("The folder holds something already.", remedy="Name an empty folder.")
    machine.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = KeyStore(machine.folder, randomness=machine.randomness)
    try:
        key, _ = certificate_of(keys, machine.clock, machine.randomness)
    finally:
        keys.close()
    RelayBox(machine.folder).close()
    _hand_out(machine.folder, key.public)
    return spoken_certificate(key.public)


def serve_authority(machine: Machine, manifests: Path, spoken: str) -> AuthorityId:
    """Serve an authority, by the manifests that it published and the fingerprint of its root as it was read out.

    Also where it comes with later manifests, which must follow those that are here. Raises Unreadable, Invalid.
    """
    chain = [parse(raw) for raw in read_chain(manifests)]
    newest = chain[-1]
    said = "".join(spoken.split()).lower()
    if not hmac.compare_digest(said.encode(), fingerprint(newest.manifest.root).replace(" ", "").encode()):
        raise Invalid(
            "The fingerprint is not that of the file.",
            remedy="Have it read out again by the authority, by telephone.",
            code="wrong_fingerprint",
        )
    authority = AuthorityId(newest.manifest.authority)
    with _box(machine.folder) as box:
        known = box.manifests().get(authority)
        if known is not None:
            before = parse(known)
            after = [each for each in chain if each.manifest.number > before.manifest.number]
            try:
                for each in after:
                    check_next(each, before)
                    before = each
            except Refused as refused:
                raise Invalid(f"The manifests do not follow those that are here ({refused.reason}).") from refused
            newest = before
        box.put_manifest(authority, newest.raw)
    return authority


def drop_authority(machine: Machine, authority: AuthorityId) -> None:
    """Serve an authority no longer; what waits for it stays with its senders. Raises NotFound."""
    with _box(machine.folder) as box:
        if not box.drop(authority):
            raise NotFound("The relay serves no such authority.")


def relay_state(machine: Machine) -> RelayState:
    """How a relay stands; numbers only."""
    with _box(machine.folder) as box:
        keys = KeyStore(machine.folder, randomness=machine.randomness)
        try:
            key, _ = certificate_of(keys, machine.clock, machine.randomness)
        finally:
            keys.close()
        return RelayState(
            fingerprint=spoken_certificate(key.public), served=tuple(box.manifests()), heaps=tuple(box.heaps())
        )


def run_relay(
    machine: Machine,
    address: str,
    port: int,
    stop: threading.Event,
    *,
    limits: RelayLimits | None = None,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Answer nodes until `stop` is set; `ready` is told the port. Raises Conflict where the port is taken."""
    with _box(machine.folder):
        pass  # it is one
    asyncio.run(_run(machine, address, port, stop, limits, ready))


async def _run(
    machine: Machine,
    address: str,
    port: int,
    stop: threading.Event,
    limits: RelayLimits | None,
    ready: Callable[[int], None],
) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as worker:
        keys = await loop.run_in_executor(worker, lambda: KeyStore(machine.folder, randomness=machine.randomness))
        box = await loop.run_in_executor(worker, RelayBox, machine.folder)
        key, seed = await loop.run_in_executor(worker, certificate_of, keys, machine.clock, machine.randomness)
        _hand_out(machine.folder, key.public)
        # Itself, since a list of nobody would be no list; it calls nobody.
        context = server_context(seed, key.public, [key.public], machine.randomness)
        held: set[bytes] = set()

        def trusted(certificates: set[bytes]) -> None:
            trust(context, certificates - held)
            held.update(certificates)

        desk = RelayDesk(box, machine.clock, limits, trusted=trusted)
        listener = Listener(context, desk.known, desk.handle, worker, Limits())
        try:
            await loop.run_in_executor(worker, desk.known, "")
            try:
                ready(await listener.open(address, port))
            except OSError as error:
                raise Conflict(
                    f"Nothing can listen at port {port} of this address.",
                    remedy="Stop what does, or name another.",
                    code="port",
                ) from error
            while not stop.is_set():
                await asyncio.sleep(0.1)
                await loop.run_in_executor(worker, desk.known, "")  # whom an operator has admitted meanwhile
                if isinstance(listener.failure, Damaged):
                    raise listener.failure
        finally:
            await listener.close()
            await loop.run_in_executor(worker, box.close)
            await loop.run_in_executor(worker, keys.close)


@contextmanager
def _box(folder: Path) -> Iterator[RelayBox]:
    if not (folder / _FILE).exists():
        raise NotFound("There is no relay in this folder.", remedy="Begin one with: alidade exchange relay begin.")
    box = RelayBox(folder)
    try:
        yield box
    finally:
        box.close()


def _hand_out(folder: Path, certificate: bytes) -> None:
    """The file for the nodes, written whole; it holds nothing secret."""
    partial = folder / f".{CERTIFICATE}.partial"
    partial.write_bytes(written_certificate(certificate))
    os.replace(partial, folder / CERTIFICATE)
