"""Checks the states of a procedure: each can be reached and left, and everybody can do what he is waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alidade.procedures.definition import Definition, State
from alidade.procedures.findings import Findings

__all__ = ["check_states", "reachable"]


def reachable(definition: Definition) -> set[str]:
    """The states that a thread can come to."""
    return _closure([definition.opening.to_state], _next(definition))


def _next(definition: Definition) -> dict[str, set[str]]:
    following: dict[str, set[str]] = {}
    for each in definition.transitions:
        for state in each.from_states:
            following.setdefault(state, set()).add(each.to_state or state)
    return following


def _closure(begin: Iterable[str], following: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(begin)
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo.extend(following.get(state, ()))
    return reached


def check_states(definition: Definition, found: Findings) -> None:
    """Notes unreachable states, dead ends, circles without a way out, and letters that mean two things."""
    following = _next(definition)
    reached = reachable(definition)
    backwards: dict[str, set[str]] = {}
    for state, targets in following.items():
        for target in targets:
            backwards.setdefault(target, set()).add(state)
    ends = _closure([each.code for each in definition.states if each.final], backwards)
    if not any(each.final for each in definition.states):
        found.error("no_end", "$.states", "No state is final: no thread ever ends.", "Mark the states that end it.")
    for number, each in enumerate(definition.states):
        path = f"$.states[{number}]"
        if each.code not in reached:
            found.error("unreachable_state", path, f"No thread can come to {each.code}.", "Add a step to it.")
        if each.final:
            _check_final(path, each, following, found)
        elif not following.get(each.code, set()) - {each.code}:
            found.error("dead_end", path, f"Nobody can leave {each.code}, which is not final.", "Add a step.")
        elif each.code not in ends:
            found.error("no_way_out", path, f"From {each.code} no final state can be reached.", "Add a way out.")
    _check_turns(definition, found)
    _check_steps(definition, reached, found)
    _check_keys(definition, found)


def _check_final(path: str, state: State, following: Mapping[str, set[str]], found: Findings) -> None:
    if following.get(state.code):
        found.error("final_left", path, f"{state.code} is final, but a step leaves it.", "Decide which is meant.")
    if state.turn is not None:
        found.error("final_turn", f"{path}.turn", "Nobody has to act in a final state.", "Remove `turn`.")


def _check_turns(definition: Definition, found: Findings) -> None:
    for number, state in enumerate(definition.states):
        path = f"$.states[{number}].turn"
        if state.final:
            continue
        if state.turn is None:
            found.warning("nobodys_turn", path, f"Nobody is to act in {state.code}.", "Name the role whose turn it is.")
        elif not any(state.turn in each.by and state.code in each.from_states for each in definition.transitions):
            found.error(
                "turn_cannot_act",
                path,
                f"{state.turn} is waited for in {state.code} and can do nothing.",
                "Add a step.",
            )


def _check_steps(definition: Definition, reached: set[str], found: Findings) -> None:
    for number, each in enumerate(definition.transitions):
        if not reached.intersection(each.from_states):
            found.error(
                "unreachable_step",
                f"$.transitions[{number}].from_states",
                f"No thread is ever in a state in which {each.code} can be taken.",
                "Correct the states.",
            )


def _check_keys(definition: Definition, found: Findings) -> None:
    taken: dict[tuple[str, str, str], str] = {}
    for number, each in enumerate(definition.transitions):
        for state in each.from_states:
            for role in each.by:
                other = taken.setdefault((state, role, each.key), each.code)
                if other != each.code:
                    found.error(
                        "duplicate_key",
                        f"$.transitions[{number}].key",
                        f"The letter {each.key} means {other} and {each.code} for {role} in {state}.",
                        "Give one of them another letter.",
                    )
