"""Peers: other programs on the same questions, in an environment of their own that the benchmark makes in its cache.

None of them is a dependency of the project and none of their code is here. What cannot be installed or run on a
machine is left out of the table, and the reason stands under it. Each script in `peers` is run by the Python of that
environment with a file of questions, and leaves a file of answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.places import cache, passing

VERSIONS = {
    "rapidfuzz": ("rapidfuzz==3.14.6", "numpy"),
    "tantivy": ("tantivy==0.27.0", "rapidfuzz==3.14.6", "polars"),
    "postgres": ("psycopg[binary]", "rapidfuzz==3.14.6", "polars"),
    "splink": ("splink==5.0.0", "polars", "pyarrow", "pandas"),
    "nomenklatura": ("nomenklatura==4.17.4",),
}
_REPOSITORY = Path(__file__).resolve().parents[2]
_LIMIT = 3_600


class Skipped(Exception):
    """A peer cannot be measured here; says why."""


def run_peer(peer: str, script: str, asked: dict[str, Any], *, limit: float = _LIMIT) -> dict[str, Any]:
    """The answers of a peer, with `seconds` that its process took."""
    python = _environment(peer)
    with passing() as folder:
        (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        start = time.perf_counter()
        module = f"benchmarks.matching.peers.{script}"
        command = [str(python), "-m", module, str(folder / "asked.json"), str(folder / "told.json")]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, cwd=_REPOSITORY)
        except subprocess.TimeoutExpired as error:
            raise Skipped(f"not done after {limit:.0f} s") from error
        if done.returncode != 0:
            lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
            raise Skipped(lines[-1][:200] if lines else f"ended with {done.returncode}")
        told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
        told["seconds"] = time.perf_counter() - start
    return told


def _environment(peer: str) -> Path:
    """The Python of the environment of the peers, in which this one is installed now if it was not."""
    folder = cache() / "peers"
    python = folder / "bin" / "python"
    done = folder / f"{peer}.installed"
    wanted = " ".join(VERSIONS[peer])
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [str(python), "-m", "pip", "install", "--quiet", *VERSIONS[peer]]
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        lines = [line for line in installed.stderr.splitlines() if "rror" in line]
        raise Skipped("not installable: " + (lines[-1][:160] if lines else "pip failed"))
    done.write_text(wanted, encoding="utf-8")
    return python
