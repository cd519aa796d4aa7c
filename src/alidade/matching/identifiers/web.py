"""Web addresses: one key for the many ways in which people write the same page.

RFC 3986 section 6.2 in the safe part only. Query and fragment are kept, tracking marks too: they can be the
evidence.
"""

from __future__ import annotations

import re
import unicodedata

from alidade.matching.identifiers.cleaning import clean
from alidade.matching.identifiers.hosts import HostError, host_key, host_shown, refang
from alidade.matching.identifiers.kinds import Identifier, IdentifierError

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]{0,31})\[?:\]?(?://|\[//\]|\[/\]\[/\])|^//", re.IGNORECASE)
_DEFANGED_SEPARATOR = re.compile(r"^([a-z][a-z0-9+.-]{0,31})\[://\]", re.IGNORECASE)
_AUTHORITY = re.compile(r"^((?:\[[^\]/]*\]|[^/?#\[])*)(.*)$", re.DOTALL)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_PORT = re.compile(r":([0-9]{0,5})$")
_DEFAULT_PORTS = frozenset({"", "80", "443"})


def read_web(text: str, country: str | None) -> Identifier:
    """Web address without scheme, `www.`, default port and closing slash; host in lower-case ASCII form.

    A user name and password in front of the host are dropped and noted.
    """
    text = _DEFANGED_SEPARATOR.sub(r"\1://", clean("web", text, form="NFC"))
    scheme = _SCHEME.match(text)
    if scheme:
        text = text[scheme.end() :]
    authority, rest = _split(text.lstrip("/"))
    authority = unicodedata.normalize("NFKC", authority)
    user, at, authority = authority.rpartition("@")
    host, port = _host_and_port(authority, ftp=bool(scheme and (scheme[1] or "").lower() == "ftp"))
    path = _path(rest)
    complete = "." in host or ":" in host
    return Identifier(
        kind="web",
        key=host + port + path,
        shown=host_shown(host) + port + path,
        valid=None if complete else False,
        note="a user name before the host was left out" if at and user else None,
        country=country,
    )


def _split(text: str) -> tuple[str, str]:
    found = _AUTHORITY.match(text)
    if found is None:  # pragma: no cover - the expression matches every text
        raise IdentifierError("form", "web: not a web address")
    authority, rest = refang(found[1]), found[2]
    cut = re.search(r"[/?#]", authority)
    return (authority[: cut.start()], authority[cut.start() :] + rest) if cut else (authority, rest)


def _host_and_port(authority: str, *, ftp: bool) -> tuple[str, str]:
    port = _PORT.search(authority)
    number = ""
    if port and (not authority.startswith("[") or authority.rfind("]") < port.start()):
        authority, number = authority[: port.start()], port[1].lstrip("0")
    try:
        host = host_key(authority)
    except HostError as error:
        raise IdentifierError("form", "web: the host is not a domain or IP address") from error
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    default = number in _DEFAULT_PORTS or (ftp and number == "21")
    return host, "" if default else f":{number}"


def _path(rest: str) -> str:
    if re.search(r"\s", rest):
        raise IdentifierError("alphabet", "web: a blank inside the address")
    if not rest.isascii():
        rest = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode("utf-8")) for c in rest)
    rest = _ESCAPE.sub(lambda escape: escape[0].upper(), rest)
    before, _, fragment = rest.partition("#")
    path, _, query = before.partition("?")
    return path.rstrip("/") + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
