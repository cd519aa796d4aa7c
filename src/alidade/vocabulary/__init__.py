"""Words and code lists: what things are called, in four languages, and the codes of the law and the field."""

from __future__ import annotations

from alidade.vocabulary.catalogue import Vocabulary, load_vocabulary
from alidade.vocabulary.codes import (
    Act,
    Agreement,
    Area,
    Classification,
    Code,
    Condition,
    Country,
    CrimeArea,
    DirectoryRule,
    Grade,
    HandlingCode,
    LegalGround,
    PolicyRule,
    Purpose,
    Role,
    SubjectCategory,
    VerdictReason,
)
from alidade.vocabulary.consistency import problems
from alidade.vocabulary.errors import DamagedVocabulary, UnknownCode, VocabularyError
from alidade.vocabulary.evaluation import ConvertedEvaluation, EvaluationScheme, GradeMapping
from alidade.vocabulary.labels import LANGUAGES, Label
from alidade.vocabulary.reading import Head
from alidade.vocabulary.things import LinkEnds, Property, Thing

__all__ = [
    "LANGUAGES",
    "Act",
    "Agreement",
    "Area",
    "Classification",
    "Code",
    "Condition",
    "ConvertedEvaluation",
    "Country",
    "CrimeArea",
    "DamagedVocabulary",
    "DirectoryRule",
    "EvaluationScheme",
    "Grade",
    "GradeMapping",
    "HandlingCode",
    "Head",
    "Label",
    "LegalGround",
    "LinkEnds",
    "PolicyRule",
    "Property",
    "Purpose",
    "Role",
    "SubjectCategory",
    "Thing",
    "UnknownCode",
    "VerdictReason",
    "Vocabulary",
    "VocabularyError",
    "load_vocabulary",
    "problems",
]
