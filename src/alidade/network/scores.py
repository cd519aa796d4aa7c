"""Scores: one number for each vertex, and how it was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alidade.network.graph import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a result was computed, so that whoever reads it can say so: name, parameters, tie rule, seed, source."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ties: str = ""
    seed: int | None = None
    source: str = ""

    def __str__(self) -> str:
        said = [f"{name} {value}" for name, value in self.parameters.items() if value is not None]
        said += [f"ties {self.ties}"] if self.ties else []
        said += [f"seed {self.seed}"] if self.seed is not None else []
        return f"{self.name} ({', '.join(said)})" if said else self.name


class Scores(Mapping[Any, Any]):
    """The score of each vertex by its id, in the order of the graph; `array` holds the same numbers by position."""

    __slots__ = ("array", "graph", "method")

    def __init__(self, graph: Graph, array: NDArray[Any], method: Method) -> None:
        self.graph = graph
        self.array = array
        self.method = method

    def __getitem__(self, vertex: Any) -> Any:
        return self.array[self.graph.index[vertex]].item()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.graph.ids)

    def __len__(self) -> int:
        return len(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.array, dtype=dtype) if copy or dtype is not None else self.array

    def __repr__(self) -> str:
        return f"<Scores of {len(self)} vertices: {self.method}>"

    def top(self, count: int) -> tuple[tuple[Any, float], ...]:
        """The vertices with the highest scores, highest first; of equals the one that came first."""
        order = np.argsort(-self.array, kind="stable")[:count]
        return tuple((self.graph.ids[at], self.array[at].item()) for at in order)


def plain(**parameters: Any) -> Mapping[str, Any]:
    """Parameters as they are kept with a result: nobody changes them afterwards."""
    return MappingProxyType(parameters)
