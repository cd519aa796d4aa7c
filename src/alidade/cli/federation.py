"""The demonstration of an exchange: three nodes on this machine, one of them away for a while, and nothing is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TypeVar

import click

from alidade.cli.session import as_json, emit, say
from alidade.model.draft import Claim, Draft
from alidade.model.errors import AlidadeError
from alidade.model.handling import Handling
from alidade.services.contribute import Giving
from alidade.services.exchange import rehearsing
from alidade.services.exchange.rehearsing import Part
from alidade.simulation import cocaine_route
from alidade.vocabulary import Vocabulary, load_vocabulary

T = TypeVar("T")
_CODES: Final = ("nl-police", "es-gendarmerie", "pt-judicial")
_WHO: Final = "Anselmo Quiroga Vilar"  # invented
_COMMAND: Final = "from alidade.cli.main import main; main()"
_PATIENCE: Final = 40.0  # seconds for anything to arrive


class _Story:
    """Tells what happens, and whether it was what should happen."""

    def __init__(self, context: click.Context) -> None:
        self._json = as_json(context)
        self.told: list[dict[str, object]] = []
        self._begun = time.monotonic()

    def tell(self, sentence: str, *, right: bool = True) -> None:
        """One thing that happened."""
        self.told.append({"after": round(time.monotonic() - self._begun, 1), "what": sentence, "right": right})
        if not self._json:
            say(f"{time.monotonic() - self._begun:5.1f} s  {'' if right else 'WRONG: '}{sentence}")

    @property
    def right(self) -> bool:
        """Whether everything was as it should be."""
        return all(bool(each["right"]) for each in self.told)


def walk(context: click.Context) -> int:
    """Three nodes, from the first key to the last countersignature; 0 where all was as it should be, else 1."""
    story = _Story(context)
    with tempfile.TemporaryDirectory(prefix="alidade-federation-") as folder:
        try:
            _act(story, Path(folder))
        except AlidadeError as error:
            story.tell(str(error), right=False)
    if as_json(context):
        emit({"right": story.right, "told": story.told})
    else:
        say("\nAll of it was as it should be." if story.right else "\nSomething was NOT as it should be.")
    return 0 if story.right else 1


def _act(story: _Story, folder: Path) -> None:
    words = load_vocabulary()
    ports = _free_ports(len(_CODES))
    parts = rehearsing.parts_of(cocaine_route(), _CODES, folder, [f"127.0.0.1:{port}" for port in ports])
    asker, owner, third = parts
    _found(story, parts, words)
    record = rehearsing.give_and_release(owner, asker, "q1", _record(owner), words)
    story.tell(f"{owner.name} gives a record and releases it to {asker.name} for one purpose; it is not running yet.")
    with ExitStack() as stack:
        stack.enter_context(_running(asker))
        stack.enter_context(_running(third))
        _request_to_who_is_away(story, asker, owner, words, stack)
        _hit(story, asker, owner, record, words)
        _witnesses(story, parts, words)


def _found(story: _Story, parts: tuple[Part, ...], words: Vocabulary) -> None:
    spoken = {}
    for part in parts:
        spoken[part.code], statements = rehearsing.found(part, cocaine_route(), words)
        story.tell(f"{part.name} begins its node with {statements} statements; root {spoken[part.code]}.")
    for part in parts:
        for other in parts:
            if part is not other:
                rehearsing.meet(part, other, spoken[other.code], words)
    story.tell("Each has entered the two others: two administrators, with the fingerprint as it was read out.")


def _request_to_who_is_away(story: _Story, asker: Part, owner: Part, words: Vocabulary, stack: ExitStack) -> None:
    thread = rehearsing.request(asker, owner, words)
    away = _until(lambda: _trouble(asker, owner, words))
    queue = next(each for each in rehearsing.stand(asker, words).peers if each.peer == owner.code)
    story.tell(
        f"{asker.name} opens an information request to {owner.name}, which is away:"
        f" {queue.queue.queued} envelopes wait ({away or 'not tried yet'}).",
        right=queue.queue.queued > 0,
    )
    stack.enter_context(_running(owner))
    seen = _until(lambda: rehearsing.see(owner, thread, words))
    story.tell(f"{owner.name} comes back and has the request.", right=seen is not None)
    started = _until(lambda: _has_steps(asker, thread, ("open", "received"), words))
    story.tell(
        f"Its node confirmed the receipt; the clock runs: {started.clock if started else '-'}.",
        right=started is not None,
    )
    rehearsing.answer(owner, thread, "The berth was used twice in May (invented).", words)
    answered = _until(lambda: _has_steps(asker, thread, ("answer",), words))
    story.tell(
        f"{owner.name} answers within its clock; {asker.name} has the answer.",
        right=answered is not None and answered.met is True,
    )


def _hit(story: _Story, asker: Part, owner: Part, record: str, words: Vocabulary) -> None:
    kind = _until(lambda: "hit" if rehearsing.ask(asker, _WHO, words)[0] == "hit" else None)
    story.tell(f"What {owner.name} had released is found at {asker.name} for that purpose.", right=kind == "hit")
    other, hit = rehearsing.ask(asker, _WHO, words, rehearsing.OTHER_PURPOSE)
    story.tell("For another purpose there is a hit without content.", right=other == "hit_without_content")
    if not hit:
        return
    thread = rehearsing.follow(asker, hit, words)
    arrived = _until(lambda: rehearsing.see(owner, thread, words))
    story.tell(f"{asker.name} asks the owner to release it; {owner.name} has the question.", right=arrived is not None)
    rehearsing.grant(owner, thread, record, words)
    now = _until(lambda: "hit" if rehearsing.ask(asker, _WHO, words, rehearsing.OTHER_PURPOSE)[0] == "hit" else None)
    story.tell(f"{owner.name} grants it; the release crosses, and {asker.name} reads the record.", right=now == "hit")


def _witnesses(story: _Story, parts: tuple[Part, ...], words: Vocabulary) -> None:
    for part in parts:
        others = {str(other.code) for other in parts if other is not part}
        _until(lambda part=part, others=others: others <= rehearsing.witnessed(part, words)[2].keys() or None)  # type: ignore[misc]
        sound, entries, by = rehearsing.witnessed(part, words)
        named = ", ".join(f"{peer} up to {size}" for peer, size in sorted(by.items()))
        story.tell(
            f"Ledger of {part.name}: {entries} entries {'verified' if sound else 'DAMAGED'}; countersigned by {named}.",
            right=sound and others <= by.keys(),
        )


def _trouble(asker: Part, owner: Part, words: Vocabulary) -> str | None:
    found = next(each for each in rehearsing.stand(asker, words).peers if each.peer == owner.code)
    return found.trouble or None


def _has_steps(part: Part, thread: str, codes: tuple[str, ...], words: Vocabulary) -> rehearsing.Seen | None:
    seen = rehearsing.see(part, thread, words)
    return seen if seen is not None and set(codes) <= set(seen.steps) else None


def _until(look: Callable[[], T | None]) -> T | None:
    """What a look gives once it gives something; None where that takes too long."""
    end = time.monotonic() + _PATIENCE
    while (found := look()) is None and time.monotonic() < end:
        time.sleep(0.3)
    return found


def _record(part: Part) -> Giving:
    """One invented person, found for two purposes and read by nobody until it is released."""
    handling = Handling(
        owner=part.code,
        purposes=(rehearsing.PURPOSE, rehearsing.OTHER_PURPOSE),
        subject_category="suspect_or_convicted",
    )
    draft = Draft(key="q1", thing="Person", claims=(Claim(property="name", value=_WHO),))
    return Giving(title="Invented person", drafts=[draft], handlings={"own": handling})


@contextmanager
def _running(part: Part) -> Iterator[None]:
    """The exchange of one node, as a process of its own, ended at the end."""
    command = [sys.executable, "-c", _COMMAND, "--home", str(part.folder), "exchange", "run"]
    process = subprocess.Popen(  # noqa: S603  # ourselves, and no shell
        [*command, "--listen", part.address, "--pull-every", "5"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("ALIDADE_")},
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(count: int) -> list[int]:
    """Ports of this machine that are free now."""
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            listening = stack.enter_context(socket.socket())
            listening.bind(("127.0.0.1", 0))
            found.append(int(listening.getsockname()[1]))
        return found
