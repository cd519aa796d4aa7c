"""The way out: envelopes are pushed to the address in a peer's manifest, and what waits there for us comes back.

Mutual TLS 1.3 with pinned certificates; no proxy, no redirect, no name but that of the manifest is ever connected to.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Collection, Sequence
from typing import Final

from alidade.model.errors import AlidadeError, Unreadable
from alidade.model.ids import AuthorityId
from alidade.services.exchange.certificates import fingerprint
from alidade.services.exchange.frames import LARGEST_BODY, join_frames, split_frames

PATH: Final = "/envelopes"
MEDIA: Final = "application/x-alidade-envelopes"
PATIENCE: Final = 20.0  # seconds for a connection, and for each answer


class Unreachable(AlidadeError):
    """The other node did not answer, or was not the one that the manifest names."""

    code = "unreachable"


class Line:
    """A connection to one node, kept open from one portion to the next."""

    def __init__(
        self, address: str, context: ssl.SSLContext, pinned: Collection[str], *, patience: float = PATIENCE
    ) -> None:
        """To "host:port"; `pinned` are the fingerprints of the certificates that may answer there."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise Unreachable("The address in the manifest is none.", code="address")
        self._pinned = pinned
        self._connection = http.client.HTTPSConnection(host.strip("[]"), int(port), timeout=patience, context=context)

    def open(self) -> None:
        """Connect, and look who answers. Raises Unreachable."""
        try:
            self._connect()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(
                "The other node did not answer.", remedy="It is tried again later.", code=_why(error)
            ) from error

    def exchange(self, frames: Sequence[bytes]) -> list[bytes]:
        """Give envelopes and take what comes back. Raises Unreachable; then nobody knows whether they arrived."""
        try:
            if self._connection.sock is None:
                self._connect()
            body = join_frames(frames)
            self._connection.request("POST", PATH, body=body, headers={"Content-Type": MEDIA})
            with self._connection.getresponse() as answer:
                length = answer.length
                if answer.status != 200 or length is None or length > LARGEST_BODY:
                    raise Unreachable("The other node refused the envelopes.", code=f"status_{answer.status}")
                return split_frames(answer.read())
        except (OSError, http.client.HTTPException, ssl.SSLError) as error:
            self.close()
            raise Unreachable(
                "The other node did not answer.", remedy="It is tried again later.", code=_why(error)
            ) from error
        except (Unreachable, Unreadable):
            self.close()
            raise

    def note_taken(self, frames: Sequence[bytes]) -> None:
        """What came back is committed here; a peer learns that by receipts, so that nothing is to be said."""

    def refusals(self) -> dict[AuthorityId, str]:
        """For whom something was not taken that the other side did answer: nobody."""
        return {}

    def _connect(self) -> None:
        self._connection.connect()
        there = self._connection.sock
        shown = there.getpeercert(binary_form=True) if isinstance(there, ssl.SSLSocket) else None
        if shown is None or fingerprint(shown) not in self._pinned:
            self.close()
            raise Unreachable("Somebody else answers at the address of the peer.", code="wrong_certificate")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _why(error: BaseException) -> str:
    """A word for the status of a peer; never the text of the error, which may name hosts."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "connection"
