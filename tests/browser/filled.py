"""Filled: the fields of a page as a browser would send them, with some of them changed."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects what the forms of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = self._text = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        name, value = about.get("name", ""), about.get("value", "")
        if tag == "input" and name:
            if about.get("type") in ("checkbox", "radio"):
                chosen = self.found.setdefault(name, [])
                if "checked" in about:
                    chosen.append(value or "on")
            elif about.get("type") not in ("file", "submit"):
                self.found.setdefault(name, []).append(value)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in about))
        elif tag == "textarea":
            self._text = name
            self.found.setdefault(name, []).append("")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.found[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            self.found[self._select] = chosen or [value for value, _ in self._options[:1]]
            self._select = ""
        elif tag == "textarea":
            self._text = ""


def filled(page: str, **changes: str) -> dict[str, list[str]]:
    """The fields with the changes; a change is named by the whole name of a field, or by its end after a hyphen."""
    reader = _Fields()
    reader.feed(page.partition("<main")[2])
    fields = {name: values for name, values in reader.found.items() if name != "csrfmiddlewaretoken"}
    for wanted, value in changes.items():
        end = wanted.replace("_", "-")
        names = [name for name in fields if name in (wanted, end) or name.endswith((f"-{wanted}", f"-{end}"))]
        for name in names or [wanted]:
            fields[name] = [value]
    return fields
