"""Manifest file: the manifests that an authority hands out, each following the one before."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from alidade.exchange.manifest import check_next, check_root, parse
from alidade.exchange.reasons import Refused
from alidade.model.errors import Unreadable
from alidade.services.exchange.frames import LARGEST_BODY, split_frames


def read_chain(path: Path) -> list[bytes]:
    """The manifests of a file, each following the one before."""
    if path.stat().st_size > LARGEST_BODY:
        raise Unreadable("The file is too long for manifests.")
    chain = split_frames(path.read_bytes())
    try:
        read = [parse(raw) for raw in chain]
        if not read:
            raise Unreadable("The file holds no manifest.", remedy="Ask the peer for its file.")
        check_root(read[0], read[0].manifest.root)
        for before, signed in pairwise(read):
            check_next(signed, before)
    except Refused as refused:
        raise Unreadable(f"The file holds no manifests that follow from one another ({refused.reason}).") from refused
    return chain
