"""How grades given in other evaluation schemes read in the 4x4 scheme."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from alidade.vocabulary.codes import Code
from alidade.vocabulary.errors import UnknownCode
from alidade.vocabulary.labels import Label, Word

__all__ = ["Axis", "ConvertedEvaluation", "EvaluationScheme", "GradeMapping"]

Axis = Literal["source", "information", "handling"]

_SEPARATORS = str.maketrans("", "", " -/.,;")


class GradeMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One grade of a scheme and the 4x4 grade it becomes.

    `to` is null for handling grades: they are no evaluation. `exact` is false where the 4x4 says less or
    something else; then the nearest grade that does not flatter stands here.
    """

    axis: Axis
    grade: Word
    label: Label
    to: str | None
    exact: bool
    source: Word
    verified: bool
    note: Word | None = None


class EvaluationScheme(Code, frozen=True, kw_only=True):
    """An evaluation scheme: the order in which its grades are written, and what each means in 4x4."""

    axes: tuple[Axis, ...]
    grades: tuple[GradeMapping, ...]

    def grades_of(self, axis: Axis) -> dict[str, GradeMapping]:
        """The grades of one axis, by grade."""
        return {each.grade: each for each in self.grades if each.axis == axis}


class ConvertedEvaluation(Struct, frozen=True, kw_only=True):
    """An evaluation in 4x4 (`source` A B C X, `information` 1-4), and whether the way there was exact."""

    source: str
    information: str
    exact: bool
    note: str | None


def convert(scheme: EvaluationScheme, value: str) -> ConvertedEvaluation:
    """Read a value such as `B2`, `E-4-1` or `1A` and give it in 4x4.

    Blanks, dashes, dots and strokes between grades do not matter. A trailing handling grade may be left out.
    Raises UnknownCode for anything the scheme does not know.
    """
    written = value.translate(_SEPARATORS).upper()
    needed = sum(axis != "handling" for axis in scheme.axes)
    if not needed <= len(written) <= len(scheme.axes):
        raise UnknownCode(f"evaluation scheme {scheme.code}", value)
    found: dict[Axis, GradeMapping] = {}
    for axis, grade in zip(scheme.axes, written, strict=False):
        mapping = scheme.grades_of(axis).get(grade)
        if mapping is None:
            raise UnknownCode(f"evaluation scheme {scheme.code}, {axis}", grade)
        found[axis] = mapping
    notes = [each.note for each in found.values() if each.note]
    source, information = found["source"], found["information"]
    if source.to is None or information.to is None:
        raise UnknownCode(f"evaluation scheme {scheme.code}", value)
    return ConvertedEvaluation(
        source=source.to,
        information=information.to,
        exact=source.exact and information.exact,
        note=" ".join(notes) or None,
    )
