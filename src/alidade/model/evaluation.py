"""Evaluation: how reliable the source, how accurate the information (4x4, Art. 29 of Regulation (EU) 2016/794)."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.errors import Invalid
from alidade.vocabulary import Vocabulary, VocabularyError


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation in 4x4, with the grade as the provider gave it in his own scheme.

    `given` is false where the provider gave none: then it stands as X4 and is marked so, never better.
    """

    source: str
    information: str
    given: bool = True
    scheme: str = "4x4"
    original: str = ""

    @property
    def code(self) -> str:
        """The pair as it is written in the field, such as "B2"."""
        return self.source + self.information


NOT_GIVEN = Evaluation(source="X", information="4", given=False)


def read_evaluation(text: str | None, vocabulary: Vocabulary, *, scheme: str = "4x4") -> Evaluation:
    """The evaluation that a provider wrote; none at all becomes X4, marked "not given".

    Raises Invalid where the text is no grade of the scheme.
    """
    if text is None or not text.strip():
        return NOT_GIVEN
    try:
        converted = vocabulary.convert_evaluation(scheme, text.strip())
    except VocabularyError as error:
        raise Invalid(
            f"The evaluation is no grade of the scheme {scheme}.",
            remedy="Give source and information grade, such as B2, or leave it empty.",
            code="evaluation_unknown",
        ) from error
    return Evaluation(
        source=converted.source,
        information=converted.information,
        given=True,
        scheme=scheme,
        original=text.strip(),
    )
