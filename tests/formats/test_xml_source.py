"""XML from others: what is read of a good file, and that a bad one does no harm and hides nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from alidade.formats.xml_head import XmlHead, file_source, root_name
from alidade.formats.xml_source import Element, XmlLimits, as_xml, read_elements
from alidade.model.draft import Problem
from alidade.model.errors import Unreadable

ROOT = {("list",)}
BOMBS = {
    "billion laughs": b"""<?xml version="1.0"?><!DOCTYPE list [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><list><e>&d;</e></list>""",
    "quadratic": b'<!DOCTYPE list [<!ENTITY a "' + b"x" * 50_000 + b'">]><list><e>' + b"&a;" * 5_000 + b"</e></list>",
    "external file": b'<!DOCTYPE list [<!ENTITY x SYSTEM "file:///etc/passwd">]><list><e>&x;</e></list>',
    "external address": b'<!DOCTYPE list SYSTEM "http://127.0.0.1:9/x.dtd"><list><e/></list>',
    "parameter entity": b'<!DOCTYPE list [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><list><e/></list>',
    "attribute default": b'<!DOCTYPE list [<!ATTLIST e k CDATA "hidden">]><list><e/></list>',
    "after a comment": b"<?xml version='1.0'?>\n<!-- <list> -->\n<?pi <list> ?>\n<!DOCTYPE list><list><e/></list>",
    "after a mark": b"\xef\xbb\xbf<!DOCTYPE list><list><e/></list>",
    "in UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE list><list><e/></list>'.encode("utf-16"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.xml"


def read(path: Path, content: bytes, limits: XmlLimits | None = None) -> list[Element | Problem]:
    path.write_bytes(content)
    return list(read_elements(path, ROOT, limits=limits or XmlLimits()))


def codes(items: list[Element | Problem]) -> list[tuple[str, int, bool]]:
    return [(item.code, item.place.row, item.fatal) for item in items if isinstance(item, Problem)]


def names(items: list[Element | Problem]) -> list[str]:
    return [item.name for item in items if isinstance(item, Element)]


def test_an_entry_comes_with_all_that_stands_in_it(path: Path) -> None:
    content = b"""<?xml version="1.0"?>
<list xmlns="urn:x" xmlns:s="http://www.w3.org/2001/XMLSchema-instance">
  <!-- passed over -->
  <e k="1 &lt; 2" s:nil="true">
    before<inner><![CDATA[a < b]]></inner>after
  </e>
  <f/>
</list>"""
    first, second = read(path, content)
    assert isinstance(first, Element)
    assert (first.name, first.line, dict(first.attributes)) == ("e", 4, {"k": "1 < 2"})
    assert first.text.split() == ["before", "after"]
    assert first.children == (Element(name="inner", line=5, text="a < b"),)
    assert second == Element(name="f", line=7)


def test_lines_are_exact_beyond_what_the_parser_counts(path: Path) -> None:
    items = read(path, b"<list>\n" + b"<e>\n<n>1</n>\n</e>\n" * 30_000 + b"</list>")
    last = items[-1]
    assert isinstance(last, Element)
    assert (last.line, last.children[0].line) == (2 + 3 * 29_999, 3 + 3 * 29_999)


def test_only_children_of_containers_are_entries(path: Path) -> None:
    path.write_bytes(b"<list><head/><group><e/><e/></group><group><e/></group></list>")
    items = list(read_elements(path, {("list",), ("list", "group")}))
    assert names(items) == ["head", "e", "e", "e"]


def test_an_element_can_be_kept_as_text_and_read_again(path: Path) -> None:
    content = b'<e k="&quot;&amp;&lt;"><i>&lt;tag&gt; &amp; "quoted"</i><j/></e>'
    (element,) = read(path, b"<list>" + content + b"</list>")
    assert isinstance(element, Element)
    (again,) = read(path, f"<list>{as_xml(element)}</list>".encode())
    assert again == element


@pytest.mark.parametrize("name", BOMBS)
def test_a_document_type_is_refused_and_nothing_is_read(name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", refuse)
    path.write_bytes(BOMBS[name])
    with pytest.raises(Unreadable, match="document type") as caught:
        read_elements(path, ROOT)  # before the first entry is asked for
    assert caught.value.code == "document_type"
    with pytest.raises(Unreadable, match="document type"):
        root_name(path)


@pytest.mark.parametrize("name", BOMBS)
def test_the_parser_itself_is_a_second_line(name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the look at the beginning taken away, still nothing comes out that did not go in."""
    monkeypatch.setattr(XmlHead, "_root", lambda *_: 0)
    path.write_bytes(BOMBS[name])
    with pytest.raises(Unreadable):
        list(read_elements(path, ROOT))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"list": []}', "no_xml"),
        (b"just text", "no_xml"),
        (b"<other><e/></other>", "wrong_list"),
        (b"<!doctype html><html><body>Sign in</body></html>", "wrong_type"),
        (b"<?xml version='1.0' encoding='utf-7'?><list/>", "encoding"),
        (b"<?xml version='1.0' encoding='cp037'?><list/>", "encoding"),
        ("<list/>".encode("utf-32"), "encoding"),
        (b"<?xml version='1.0'?>", "no_xml"),
        (b"<!-- " + b"x" * 70_000 + b" --><list/>", "no_xml"),
        (b"", "empty"),
        (b"PK\x03\x04 <list/>", "no_xml"),
    ],
)
def test_what_is_no_such_list_is_refused_with_a_reason(content: bytes, code: str, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        list(read_elements(path, ROOT))
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xml", tmp_path):
        with pytest.raises(Unreadable):
            read_elements(path, ROOT)


def test_encodings_are_read_as_they_are(path: Path) -> None:
    text = "<?xml version='1.0' encoding='{0}'?>\n<list><e>é ñ</e></list>"
    for encoding in ("utf-8", "utf-16", "iso-8859-1", "windows-1252", "ISO-8859-15"):
        (element,) = read(path, text.format(encoding).encode(encoding))
        assert isinstance(element, Element)
        assert element.text == "é ñ"


def test_a_byte_outside_the_encoding_is_told_of(path: Path) -> None:
    items = read(path, b"<?xml version='1.0' encoding='windows-1252'?><list><e>\x81</e></list>")
    assert names(items) == ["e"]
    assert codes(items) == [("lost_letter", 1, False)]
    items = read(path, b"<list>\n<e/>\n<e>\xe9</e></list>")
    assert codes(items) == [("xml_broken", 3, True)]


def test_where_the_file_breaks_off_the_entries_before_are_given(path: Path) -> None:
    items = read(path, b"<list>\n<e>1</e>\n<e>2</e>\n<e>3")
    assert names(items) == ["e", "e"]
    assert codes(items) == [("xml_cut_off", 4, True)]


@pytest.mark.parametrize("wrong", [b"<e></f>", b"<e>&unknown;</e>", b"<e k=1/>", b"<e>\x00</e>", b"</list><list>"])
def test_where_it_is_no_longer_xml_the_entries_before_are_given(wrong: bytes, path: Path) -> None:
    items = read(path, b"<list>\n<e/>\n<e/>\n" + wrong + b"\n<e/>\n</list>")
    assert names(items) == ["e", "e"]
    assert [(code, fatal) for code, _, fatal in codes(items)] == [("xml_broken", True)]


def test_text_between_entries_is_told_of_once(path: Path) -> None:
    items = read(path, b"<list>\n<e/>lost\n<e/>lost again</list>")
    assert names(items) == ["e", "e"]
    assert codes(items) == [("stray_text", 3, False)]
    assert codes(read(path, b"<list>lost<e/></list>")) == [("stray_text", 1, False)]
    assert codes(read(path, b"<list><e/>lost</list>")) == [("stray_text", 1, False)]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (b"<a>" * 70 + b"</a>" * 70, "too_deep"),
        (b"<a>" + b"x" * 2_000 + b"</a>", "text_too_long"),
        (b"<a k='" + b"x" * 2_000 + b"'/>", "text_too_long"),
        (b"<a>" + b"<b>x</b>" * 300 + b"</a>", "entry_too_large"),
        (b"<a " + b" ".join(b"a%d='1'" % number for number in range(60_000)) + b"/>", "too_many_attributes"),
        (b"<a>" + b"x<b/>" * 90 + b"x" * 950 + b"</a>", "text_too_long"),
        (b"<a>" + (b"<b>" + b"x" * 900 + b"</b>") * 10 + b"</a>", "entry_too_large"),
    ],
)
def test_an_entry_beyond_the_limits_is_left_out_and_the_next_read(entry: bytes, code: str, path: Path) -> None:
    limits = XmlLimits(text=1_000, entry_elements=200, entry_text=5_000)
    items = read(path, b"<list>\n<e/>\n" + entry + b"\n<e/></list>", limits)
    assert names(items) == ["e", "e"]
    assert codes(items) == [(code, 3, True)]


def test_a_mountain_of_elements_ends_with_a_problem(path: Path) -> None:
    items = read(path, b"<list>" + b"<e/>" * 500 + b"</list>", XmlLimits(elements=100))
    assert len(names(items)) == 99
    assert codes(items) == [("too_many_elements", 1, True)]


def test_a_deeper_mountain_ends_where_the_parser_stops(path: Path) -> None:
    items = read(path, b"<list><e/>" + b"<a>" * 100_000)
    assert names(items) == ["e"]
    assert [code for code, _, fatal in codes(items) if fatal] == ["xml_broken"]


def test_a_text_larger_than_the_parser_takes_ends_with_a_problem(path: Path) -> None:
    items = read(path, b"<list><e/><e>" + b"x" * 11_000_000 + b"</e></list>")
    assert names(items) == ["e"]
    assert codes(items)[-1][2]


def test_a_file_too_large_is_refused_unread(path: Path) -> None:
    path.write_bytes(b"<list>" + b" " * 1_000 + b"</list>")
    with pytest.raises(Unreadable) as caught:
        read_elements(path, ROOT, limits=XmlLimits(file=1_000))
    assert caught.value.code == "too_large"


def test_no_message_says_what_stands_in_the_file(path: Path) -> None:
    for content in (
        b"<list><e>Erika Beispiel</f></list>",
        b"<list><e>Erika &Beispiel; </e></list>",
        b"<Erika><Beispiel",
    ):
        path.write_bytes(content)
        try:
            said = " ".join(item.reason for item in read_elements(path, ROOT) if isinstance(item, Problem))
        except Unreadable as error:
            said = str(error)
        assert said
        assert "Erika" not in said
        assert "Beispiel" not in said


def test_the_root_is_told_without_parsing(path: Path) -> None:
    path.write_bytes(b"<?xml version='1.0'?>\n<!-- x --><x:export xmlns:x='urn:y'>")
    assert root_name(path) == "export"
    assert file_source(path).size == path.stat().st_size
