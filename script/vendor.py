"""Checks the libraries for the browser against their hashes, or brings them anew with `npm pack`.

script/vendor [--fetch]
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "alidade" / "web" / "static" / "web" / "vendor"
LIST = "VENDOR.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file of a library: its name here, its path in the package, and its SHA-256."""

    package: str
    version: str
    name: str
    source: str
    sha256: str


def kept(folder: Path = FOLDER) -> list[Kept]:
    """Every file that the list of this folder names."""
    listed = tomllib.loads((folder / LIST).read_text(encoding="utf-8"))
    return [
        Kept(
            package=library["npm"], version=library["version"], name=name, source=file["from"], sha256=file["sha256"]
        )
        for library in listed["library"]
        for name, file in library["files"].items()
    ]  # fmt: skip


def breaches(folder: Path = FOLDER) -> Iterator[str]:
    """A line for each file that is missing, not listed, or not what the list says."""
    listed = {file.name: file for file in kept(folder)}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST}
    for name in sorted(listed.keys() - present):
        yield f"{name}: missing; bring it with script/vendor --fetch"
    for name in sorted(present - listed.keys()):
        yield f"{name}: not in {LIST}; name its package, version, licence and hash there"
    for name in sorted(present & listed.keys()):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name].sha256:
            yield f"{name}: not the file of {listed[name].package} {listed[name].version} that was looked at"


def fetch(folder: Path = FOLDER) -> None:
    """Bring every package and keep the listed files; a file with another hash is refused and nothing is changed."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("vendor: only --fetch needs npm")
    files = kept(folder)
    with tempfile.TemporaryDirectory() as place:
        for package in sorted({(file.package, file.version) for file in files}):
            _one(npm, "@".join(package), [file for file in files if (file.package, file.version) == package],
                 Path(place), folder)  # fmt: skip


def _one(npm: str, wanted: str, files: Sequence[Kept], place: Path, folder: Path) -> None:
    done = subprocess.run([npm, "pack", "--silent", wanted], cwd=place, check=True, capture_output=True, text=True)
    with tarfile.open(place / done.stdout.split()[-1]) as archive:
        for file in files:
            member = archive.extractfile(f"package/{file.source}")
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise SystemExit(f"vendor: {file.source} of {wanted} has another hash than {LIST} says: left alone")
            (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(content)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 when every file is the one that the list names."""
    if "--fetch" in arguments:
        fetch()
    found = list(breaches())
    for line in found:
        print(f"vendor: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
