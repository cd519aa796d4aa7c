"""XML from others, element by element in bounded memory: no document type, no entities, nothing fetched."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

# lxml gives no types of its own; nothing of it leaves this module.
from lxml import etree  # type: ignore[import-untyped, unused-ignore]

from alidade.formats.xml_head import LARGEST, XmlHead, XmlSource, document_type, file_source, no_xml
from alidade.model.draft import Place, Problem
from alidade.model.errors import Unreadable

_PIECE = 64 * 1024  # bytes given to the parser at a time, at most
_NO_LONGER_XML = "From here the file is no longer XML; the entries before this line were read, none after it."
_MACHINERY = "{http://www.w3.org/2001/XMLSchema-instance}"  # nil, type, schemaLocation: say nothing
_LINES_KEPT = 65_000  # the parser counts lines exactly up to 65,535


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlLimits:
    """The largest that is read.

    Bytes of the file, depth, letters of one text, elements, attributes of one, and what one entry has.
    """

    file: int = LARGEST
    depth: int = 64
    text: int = 1024 * 1024
    elements: int = 5_000_000
    attributes: int = 256
    entry_elements: int = 50_000
    entry_text: int = 8 * 1024 * 1024


DEFAULT_XML_LIMITS: Final = XmlLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element: local name, line (from 1), attributes by local name, own text, children in order."""

    name: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Element, ...] = ()


def read_elements(
    source: Path | XmlSource, containers: Collection[tuple[str, ...]], *, limits: XmlLimits = DEFAULT_XML_LIMITS
) -> Iterator[Element | Problem]:
    """The entries of a list in XML, in order, each with all that stands in it.

    `containers` are the paths (local names from the root) of the elements that hold entries: every child of one
    that is none itself is an entry. An entry beyond the limits gives a fatal problem (its field is the
    name of the element) and the next is read. Where
    the file breaks off or is no longer XML, what stands before is given, then a fatal problem `xml_cut_off` or
    `xml_broken` with its line, and reading ends: such a list is not whole. Raises Unreadable, before the first
    entry, for a file that is no XML, is too large, has a document type or another root.
    """
    if isinstance(source, Path):
        source = file_source(source)
    return _Reading(source, XmlHead(source, limits.file), frozenset(containers), limits).items()


def as_xml(element: Element) -> str:
    """The element as text, so that it can be kept with a reject; namespaces and comments are gone."""
    parts: list[str] = []
    todo: list[Element | str] = [element]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        shown = "".join(f' {name}="{_escaped(text)}"' for name, text in item.attributes.items())
        if not item.text and not item.children:
            parts.append(f"<{item.name}{shown}/>")
            continue
        parts.append(f"<{item.name}{shown}>{_escaped(item.text)}")
        todo.append(f"</{item.name}>")
        todo.extend(reversed(item.children))
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Reading:
    def __init__(
        self, source: XmlSource, head: XmlHead, containers: frozenset[tuple[str, ...]], limits: XmlLimits
    ) -> None:
        self._source = source
        self._name = source.name
        self._encoding = head.encoding
        self._containers = containers
        self._limits = limits
        # The encoding is that of the pieces given, which are UTF-8 whatever the file says of itself.
        self._parser: Any = etree.XMLPullParser(
            events=("start", "end"),
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            collect_ids=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._line = 1
        self._given = 0  # bytes the parser was given
        self._found = 0  # letters that came out of it
        self._names: list[str] = []
        self._elements = 0
        self._entry_depth = 0  # of the entry that is being read; 0 for none
        self._entry_line = 0
        self._entry_elements = 0
        self._entry_text = 0
        self._open: list[tuple[int, list[Element]]] = []  # elements of the entry not yet closed, with their lines
        self._fault: tuple[str, str] | None = None  # why the entry is passed over
        self._stray = False
        self._ended = False
        self._lost = False
        self._logged = 0

    def items(self) -> Iterator[Element | Problem]:
        waiting = self._read()
        # The root is looked at now, so that a wrong file is refused and not only found to be empty.
        return chain(list(islice(waiting, 1)), waiting)

    def _read(self) -> Iterator[Element | Problem]:
        try:
            for piece in self._pieces():
                self._given += len(piece)
                self._parser.feed(piece)
                yield from self._events()
                self._check_log()
                self._line += piece.endswith(b"\n")
            self._ended = True
            self._parser.close()
            yield from self._events()
            if self._lost:
                reason = "The file has bytes that are not in its encoding; letters were lost. Compare with the source."
                yield self._problem(1, "lost_letter", reason, fatal=False)
        except etree.LxmlError as error:
            yield from self._events()
            if not self._elements:
                raise no_xml(self._name) from error
            yield self._break()
        except _Stop as stop:
            if not self._elements:
                raise no_xml(self._name) from stop
            yield self._problem(self._line, stop.code, stop.reason)

    def _break(self) -> Problem:
        if self._ended:
            reason = "The file breaks off here; the entries before this line were read, none after it."
            return self._problem(self._line, "xml_cut_off", reason)
        return self._problem(self._line, "xml_broken", _NO_LONGER_XML)

    def _check_log(self) -> None:
        """Told not to resolve entities, lxml swallows the error of an unknown one and would begin a new document."""
        log = self._parser.feed_error_log
        if len(log) != self._logged:
            self._logged = len(log)
            if any(entry.level >= etree.ErrorLevels.FATAL for entry in log):
                raise _Stop("xml_broken", _NO_LONGER_XML)

    def _problem(self, line: int, code: str, reason: str, fatal: bool = True, field: str = "") -> Problem:
        return Problem(place=Place(file=self._name, row=line), field=field, code=code, reason=reason, fatal=fatal)

    def _pieces(self) -> Iterator[bytes]:
        """The file in UTF-8, in pieces that end with each line, so that lines can be counted exactly."""
        decoder = codecs.getincrementaldecoder(self._encoding)("replace") if self._encoding != "utf-8" else None
        read = 0
        try:
            with self._source.opened() as stream:
                while chunk := stream.read(_PIECE):
                    read += len(chunk)
                    if read > self._limits.file:
                        raise _Stop("too_large", "The file grew while it was read.")
                    if decoder is not None:
                        text = decoder.decode(chunk)
                        self._lost = self._lost or "\ufffd" in text
                        chunk = text.encode("utf-8")
                    yield from _lines(chunk)
        except OSError as error:
            raise Unreadable(
                f"{self._name} cannot be read to its end: {type(error).__name__}.",
                remedy="Check the medium it lies on.",
                code="no_access",
            ) from error

    def _events(self) -> Iterator[Element | Problem]:
        for event, node in self._parser.read_events():
            if event == "start":
                yield from self._start(node)
            else:
                yield from self._end(node)

    def _start(self, node: Any) -> Iterator[Problem]:
        self._elements += 1
        name = _local(node.tag)
        if not self._names:
            self._check_root(node, name)
        elif text := _before(node):
            yield from self._text(text)
        self._names.append(name)
        if self._elements > self._limits.elements:
            raise _Stop("too_many_elements", f"The file has more than {self._limits.elements} elements.")
        if self._entry_depth:
            self._entry_elements += 1
            if self._fault is None:
                self._open.append((self._line_of(node), []))
            if self._entry_elements > self._limits.entry_elements:
                self._fault = ("entry_too_large", f"The entry has over {self._limits.entry_elements} elements.")
            elif len(self._names) > self._limits.depth:
                self._fault = ("too_deep", f"The entry has elements more than {self._limits.depth} deep.")
        elif tuple(self._names) not in self._containers:
            self._entry_depth = len(self._names)
            self._entry_line = self._line_of(node)
            self._entry_elements, self._entry_text, self._fault = 1, 0, None
            self._open = [(self._entry_line, [])]
        self._attributes(node)

    def _attributes(self, node: Any) -> None:
        # lxml looks every attribute up by its name: a mountain of them would cost its square.
        if len(node.attrib) > self._limits.attributes:
            self._fault = ("too_many_attributes", f"An element has over {self._limits.attributes} attributes.")
            return
        for value in node.attrib.values():
            self._count(value)

    def _check_root(self, node: Any, name: str) -> None:
        """The second line of defence: the parser itself must have seen no document type."""
        document = node.getroottree().docinfo
        if document.internalDTD is not None or document.externalDTD is not None:
            raise document_type(self._name)
        if (name,) not in self._containers:
            raise Unreadable(
                f"{self._name} is another kind of XML than this list.",
                remedy="Give the list in the form that is named.",
                code="wrong_list",
            )

    def _count(self, text: str) -> None:
        """The third: what comes out of the parser is never more than what went in."""
        self._found += len(text)
        if self._found > self._given:
            raise _Stop("xml_broken", "More comes out of the file than stands in it; reading was stopped.")
        if not self._entry_depth or self._fault is not None:
            return
        self._entry_text += len(text)
        if len(text) > self._limits.text:
            self._fault = ("text_too_long", f"A text of the entry is longer than {self._limits.text} letters.")
        elif self._entry_text > self._limits.entry_text:
            self._fault = ("entry_too_large", f"The entry has over {self._limits.entry_text} letters.")

    def _text(self, text: str) -> Iterator[Problem]:
        self._count(text)
        if not self._entry_depth and not self._stray and text.strip():
            self._stray = True
            reason = "Text stands between the entries of the list; it belongs to none and was not read."
            yield self._problem(self._line, "stray_text", reason, fatal=False)

    def _line_of(self, node: Any) -> int:
        line = node.sourceline
        return line if isinstance(line, int) and line < _LINES_KEPT else self._line

    def _end(self, node: Any) -> Iterator[Element | Problem]:
        text = node[-1].tail if len(node) else node.text
        if text:
            yield from self._text(text)
        depth = len(self._names)
        name = self._names.pop()
        if not self._entry_depth:
            return
        done = self._close(node, name) if self._fault is None else None
        if depth > self._entry_depth:
            if self._fault is not None:
                _forget(node)
            return
        self._entry_depth = 0
        if done is not None:
            yield done
        if self._fault is not None:
            code, reason = self._fault
            yield self._problem(self._entry_line, code, f"{reason} It was left out.", field=name[:100])
        _forget(node)

    def _close(self, node: Any, name: str) -> Element | None:
        """The element as our own; None, with the fault set, where its text is beyond the limit."""
        line, children = self._open.pop()
        text = node.text or ""
        if children:
            text = " ".join([text, *(child.tail or "" for child in node)])
        if len(text) > self._limits.text:
            self._fault = ("text_too_long", f"A text of the entry is longer than {self._limits.text} letters.")
            return None
        done = Element(
            name=name,
            line=line,
            attributes=_attributes(node.attrib) if node.attrib else {},
            text=text if text and not text.isspace() else "",
            children=tuple(children),
        )
        if self._open:
            self._open[-1][1].append(done)
        return done


class _Stop(Exception):
    """Reading must end here, with this problem."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def _before(node: Any) -> str | None:
    """The text that stands before an element in its parent."""
    previous = node.getprevious()
    text = node.getparent().text if previous is None else previous.tail
    return text if isinstance(text, str) else None


def _attributes(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in given.items():
        if name.startswith(_MACHINERY):
            continue
        local = _local(name)
        found[name if local in found else local] = text
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _lines(chunk: bytes) -> list[bytes]:
    """Pieces that end with each line feed; `splitlines` would also divide at a lone carriage return."""
    parts = [part + b"\n" for part in chunk.split(b"\n")]
    parts[-1] = parts[-1][:-1]
    return parts if parts[-1] else parts[:-1]


def _forget(node: Any) -> None:
    """Free what was read; only elements before this one may be taken from the tree while it grows."""
    node.clear(keep_tail=True)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


__all__ = ["DEFAULT_XML_LIMITS", "Element", "XmlLimits", "as_xml", "read_elements"]
