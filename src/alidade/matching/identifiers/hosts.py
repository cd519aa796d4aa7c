"""Host names as they stand in e-mail and web addresses, with defanged writing understood.

Investigators write `hxxp://example[.]org` so that nobody clicks by mistake; the key must be that of the real
address.
"""

from __future__ import annotations

import ipaddress
import re

_DOT = re.compile(r"\s*[\[({]\s*(?:\.|dot|punto|point|ponto)\s*[\])}]\s*", re.IGNORECASE)
_AT = re.compile(r"\s*[\[({]\s*(?:@|at|arroba)\s*[\])}]\s*", re.IGNORECASE)
_COLON = re.compile(r"\[(:|://|//|/)\]")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


class HostError(ValueError):
    """The text is no host name and no IP address."""


def refang(text: str) -> str:
    """Turn defanged writing back into the address it stands for."""
    if "[" not in text and "(" not in text and "{" not in text:
        return text
    return _COLON.sub(r"\1", _AT.sub("@", _DOT.sub(".", text)))


def host_key(host: str) -> str:
    """ASCII lower-case form of a host (IDNA 2003) or canonical IP address; raises HostError."""
    host = host.lower().strip().rstrip(".")
    if host.startswith("[") and host.endswith("]"):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        except ValueError as error:
            raise HostError from error
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().rstrip(".")
        except UnicodeError as error:
            raise HostError from error
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise HostError
    return host


def host_shown(key: str) -> str:
    """The readable form of a host key: labels in their own script where that reads back the same."""
    if "xn--" not in key:
        return key
    try:
        shown = key.encode("ascii").decode("idna")
        return shown if host_key(shown) == key else key
    except (UnicodeError, HostError):
        return key
