"""Start-up: how long a command takes that does next to nothing, and which imports it waits for.

Why: officers and scripts call the command line often; half a second each time is felt. No target is set; `--version`
should stay free of the framework. Each command runs in a process of its own, median of five; CPU is that of the
process. The node is small: forty-one authorities and a table of fifty persons.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from alidade.services.node import Node
from benchmarks import lists, places, staging
from benchmarks.figures import Figure, Options, Result, plain
from benchmarks.timing import Sample, milliseconds

_PROGRAM = (sys.executable, "-c", "from alidade.cli.main import main; main()")
_CHECK = (
    "check", "+31610000001", "--kind", "phone", "--as", f"{staging.VIEWER}/case",
    "--ground", "criminal_investigation", "--case", "c1", "--why", "benchmark",
)  # fmt: skip


def measure(options: Options) -> Result:
    """Python alone, then three commands."""
    turns = 3 if options.quick else 5
    with places.passing() as folder:
        home = folder / "node"
        node = Node.open(home)
        try:
            staging.begin(node)
            lists.write_table(folder / "table.csv", 50)
            lists.import_table(node, folder / "table.csv")
        finally:
            node.close()
        figures = [
            _median("python alone", (sys.executable, "-c", "pass"), turns),
            _median("alidade --version", (*_PROGRAM, "--version"), turns),
            _median("alidade words purposes", (*_PROGRAM, "words", "purposes"), turns),
            _median("alidade check (small node)", (*_PROGRAM, "--home", str(home), *_CHECK), turns),
        ]
        text = "\n".join(
            (
                _imports("alidade --version", ("--version",)),
                _imports("alidade words purposes", ("words", "purposes")),
                _imports("alidade check", ("--home", str(home), *_CHECK)),
            )
        )
    return Result(figures=tuple(figures), text=text)


def _median(name: str, command: tuple[str, ...], turns: int) -> Figure:
    sample = Sample()
    for turn in range(turns + 1):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_surroundings())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise AssertionError(f"{name} ended with {process.returncode}")
        if turn:  # the first one warms the file cache
            sample.wall.append(time.perf_counter() - began)
            sample.cpu.append(usage.ru_utime + usage.ru_stime)
    wall, cpu = milliseconds(sample.of(0.5))
    return plain(name, wall, "ms", cpu=cpu)


def _surroundings() -> dict[str, str]:
    """The environment as a user has it, without what this process has set for its own framework."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def _imports(name: str, arguments: tuple[str, ...]) -> str:
    """The ten modules whose own import takes longest, in milliseconds as measured by the interpreter."""
    command = (sys.executable, "-X", "importtime", *_PROGRAM[1:], *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_surroundings())
    times = []
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and parts[0].strip().isdigit():
            times.append((int(parts[0]) / 1000, int(parts[1]) / 1000, parts[2].strip()))
    times.sort(reverse=True)
    lines = [f"  {own:7.1f} {within:7.1f}  {module}" for own, within, module in times[:10]]
    total = sum(own for own, _, _ in times)
    return f"{name}: {len(times)} modules, {total:.0f} ms of import (own ms, with callees ms)\n" + "\n".join(lines)
