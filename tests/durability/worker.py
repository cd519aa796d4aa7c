"""A process to be killed: acts on a node without a pause and says of each act when it was acknowledged.

Reads lines "folder seed" and forks one worker for each, which is at work at once. Of a worker it writes
"start pid" and then "ack pid kind reference" after each service call that has returned.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from acts import Receipt, ask, case_officer, give, open_node, words

TOO_LONG = 30


def main() -> None:
    """Fork a worker for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    words()
    for line in sys.stdin:
        folder, seed = line.rsplit(" ", 1)
        if os.fork() == 0:
            try:
                work(Path(folder), int(seed))
            finally:
                os._exit(1)


def work(folder: Path, seed: int) -> None:
    """Act until killed."""
    _say("start", str(os.getpid()))
    dice = random.Random(seed)
    node = open_node(folder)
    actor = case_officer(node)
    number = seed * 1000
    end = time.monotonic() + TOO_LONG  # should the killer have died
    while time.monotonic() < end:
        number += 1
        turn = dice.randrange(4)
        if turn == 0:
            _acknowledge(give(node, actor, number, things=dice.randint(1, 3)))
        elif turn == 1:
            _acknowledge(give(node, actor, number, things=2, version=number))
        else:
            _acknowledge(ask(node, actor, number))


def _acknowledge(receipt: Receipt) -> None:
    _say("ack", str(os.getpid()), receipt.kind, receipt.reference)


def _say(*words: str) -> None:
    # One write, shorter than PIPE_BUF: lines of several workers do not mix, and they outlive the writer.
    os.write(1, (" ".join(words) + "\n").encode())


if __name__ == "__main__":
    main()
