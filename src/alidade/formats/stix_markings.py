"""STIX markings: which marks lie on an object and on its single fields, the strictest of them counting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from alidade.formats.json_source import JsonObject
from alidade.formats.markings import Markings

TLP_2: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_STEP: Final = re.compile(r"\[(\d{1,9})\]")
_UNREADABLE: Final = "unreadable marking"

Path = tuple[str | int, ...]


class StixMarkings:
    """The marking definitions of one bundle, beside those that everybody knows."""

    def __init__(self, markings: Markings, definitions: Iterable[JsonObject]) -> None:
        self._markings = markings
        self._own: dict[str, set[str]] = {}
        for each in definitions:
            code = self._defined(each)
            self._own.setdefault(str(each.get("id")), set()).add(code or str(each.get("id")))

    def _defined(self, definition: JsonObject) -> str | None:
        texts: list[str] = []
        kind, content = definition.get("definition_type"), definition.get("definition")
        if isinstance(kind, str) and isinstance(content, dict) and kind != "statement":
            texts += [text for value in content.values() for text in (f"{kind}:{value}", str(value))]
        extensions = definition.get("extensions")
        extension = extensions.get(TLP_2) if isinstance(extensions, dict) else None
        if isinstance(extension, dict):
            texts.append(f"TLP:{extension.get('tlp_2_0')}")
        codes = {code for code in map(self._markings.code, texts) if code is not None}
        return codes.pop() if len(codes) == 1 else None

    def codes(self, reference: object) -> list[str]:
        """What a reference to a marking says; two codes where its id and its definition disagree."""
        if not isinstance(reference, str):
            return [_UNREADABLE]
        known = self._markings.code(reference)
        found = {*self._own.get(reference, ()), *([known] if known else [])}
        return sorted(found) or [reference]

    def of(self, stix: JsonObject) -> FieldMarkings:
        """The markings of one object."""
        return FieldMarkings(self, self._markings, stix)


class FieldMarkings:
    """The handling names and languages of one object: of the whole, and of each field.

    A field that is marked and lies in a marked object is under the strictest of each scheme. A granular marking that
    cannot be read, or points to nothing, holds for the whole object. Source: STIX 2.1, 7.2.2 and 7.2.3.
    """

    def __init__(self, bundle: StixMarkings, markings: Markings, stix: JsonObject) -> None:
        self._markings = markings
        self._fields: dict[Path, str | None] = {}
        self._languages: dict[Path, str] = {}
        language = stix.get("lang")
        self._language = language if isinstance(language, str) else None
        given = stix.get("object_marking_refs", [])
        whole = [code for each in (given if isinstance(given, list) else [None]) for code in bundle.codes(each)]
        marks: dict[Path, list[str]] = {}
        granular = stix.get("granular_markings", [])
        for each in granular if isinstance(granular, list) else [None]:
            if not isinstance(each, dict):
                whole.append(_UNREADABLE)
                continue
            paths = [_path(selector, stix) for selector in _texts(each.get("selectors"))] or [()]
            codes = bundle.codes(each["marking_ref"]) if "marking_ref" in each else []
            tongue = each.get("lang")
            if not codes and not isinstance(tongue, str):
                codes = [_UNREADABLE]
            for path in paths:
                marks.setdefault(path, []).extend(codes)
                if isinstance(tongue, str):
                    self._languages[path] = tongue
        self.whole = markings.strictest(markings.at_one_place(whole), markings.at_one_place(marks.pop((), [])))
        self._fields = {path: markings.at_one_place(codes) for path, codes in marks.items()}

    def at(self, path: Path) -> str | None:
        """The handling name of one field; that of the whole where nothing marks it."""
        names = [name for marked, name in self._fields.items() if _touch(marked, path)]
        return self._markings.strictest(self.whole, *names) if names else self.whole

    def language(self, path: Path) -> str | None:
        """The language of one field, where the object says it."""
        return next((tongue for marked, tongue in self._languages.items() if _touch(marked, path)), self._language)

    def names(self) -> list[str]:
        """Every handling name that is used for this object."""
        return [name for name in dict.fromkeys((self.whole, *map(self.at, self._fields))) if name is not None]


def _touch(marked: Path, path: Path) -> bool:
    shorter = min(len(marked), len(path))
    return marked[:shorter] == path[:shorter]


def _texts(value: object) -> list[str]:
    return [each if isinstance(each, str) else "" for each in value] if isinstance(value, list) else []


def _path(selector: str, stix: Mapping[str, object]) -> Path:
    """The steps of a selector; none, which is the whole object, where it leads nowhere."""
    steps: list[str | int] = []
    value: object = stix
    for part in selector.split("."):
        found = _STEP.fullmatch(part)
        step: str | int = int(found[1]) if found else part
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            if step >= len(value):
                return ()
            value = value[step]
        else:
            return ()
        steps.append(step)
    return tuple(steps)
