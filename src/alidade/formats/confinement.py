"""Confinement: before a process reads a file from outside, it gives up what a hostile file could use it for.

Time, memory and file sizes are capped by the operating system (setrlimit). Where the kernel lets an ordinary process
do so, the network is taken away (a network namespace of its own, Linux) and the file system is reduced to what must
be read, with no right to write anywhere (Landlock, Linux 5.13 and later). What the kernel did not let us do is said.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MEMORY: Final = 512 * 1024 * 1024
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES: Final = 38
# The same numbers on every architecture of Linux since 5.13 (include/uapi/asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG: Final = 1
_RULE_PATH_BENEATH: Final = 1
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
# Rights on files that each version of Landlock can withhold: 13 at first, then one more in 2, 3 and 5.
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_TCP: Final = 3  # bind and connect, from version 4 on


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds of processor time, and bytes of memory, that the process may use."""

    seconds: int = 20
    memory: int = _MEMORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Confined:
    """What the kernel has granted: no network, and no file but those named."""

    network: bool
    files: bool


def confine(readable: Iterable[Path], limits: Limits = Limits()) -> Confined:
    """Confine the running process for good; `readable` are the files and folders that it may still read.

    Raises OSError where not even the limits of time and memory hold, so that nothing is read without them.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return Confined(network=False, files=False)
    kernel = ctypes.CDLL(None, use_errno=True)
    apart = kernel.unshare(_NEW_USER | _NEW_NETWORK) == 0 or kernel.unshare(_NEW_NETWORK) == 0
    files, tcp = _landlock(kernel, [*readable, *_own_code()])
    return Confined(network=apart or tcp, files=files)


def _own_code() -> list[Path]:
    """The interpreter with its packages, and ourselves: modules and tables are loaded when first needed."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, *filter(None, sys.path), str(Path(__file__).parents[1])}
    system = ("/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom")
    # A folder above the file would open what lies beside it as well: only what belongs to the interpreter.
    return [Path(each) for each in (*sorted(places), *system) if each not in ("/", ".") and Path(each).exists()]


def _landlock(kernel: ctypes.CDLL, readable: Iterable[Path]) -> tuple[bool, bool]:
    """Withhold every right on files but reading these; whether that holds, and whether TCP is withheld too."""
    version = kernel.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    if version < 1:
        return False, False
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    tcp = _TCP if version >= 4 else 0
    attributes = struct.pack("=QQ", rights, tcp) if tcp else struct.pack("=Q", rights)
    ruleset = kernel.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False, False
    try:
        for path in readable:
            _allow_reading(kernel, ruleset, path)
        held = kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and kernel.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)
    return held, held and bool(tcp)


def _allow_reading(kernel: ctypes.CDLL, ruleset: int, path: Path) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = (_READ_FILE | _READ_FOLDER) if path.is_dir() else _READ_FILE
        kernel.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
