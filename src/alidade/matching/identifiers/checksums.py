"""Checksums of crypto-asset addresses.

Base58Check (Bitcoin), bech32 and bech32m (BIP 173, BIP 350), CashAddr (Bitcoin Cash specification of 2018),
the XRP Ledger's variant of Base58Check. python-stdnum knows only the first two, and not bech32m.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from stdnum.bitcoin import bech32_checksum

_BITCOIN: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_TO_BITCOIN: Final = str.maketrans(_RIPPLE, _BITCOIN)
_VALUES: Final = {letter: value for value, letter in enumerate(_BITCOIN)}
_BECH32: Final = {letter: value for value, letter in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32M: Final = 0x2BC830A3
_CASH: Final = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def base58check(address: str) -> bytes | None:
    """Version and payload of a Base58Check text, or None where the checksum does not fit."""
    number = 0
    for letter in address:
        number = number * 58 + _VALUES[letter]
    zeros = len(address) - len(address.lstrip("1"))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = raw[:-4], raw[-4:]
    return body if len(check) == 4 and sha256(sha256(body).digest()).digest()[:4] == check else None


def ripple(address: str) -> bool:
    """True when an XRP Ledger account address fits its checksum."""
    payload = base58check(address.translate(_TO_BITCOIN))
    return payload is not None and len(payload) == 21 and payload[0] == 0


def segwit(word: str, rest: str) -> bool:
    """True when a lower-case bech32 (version 0) or bech32m (version 1 and later) address fits."""
    values = [_BECH32[letter] for letter in rest]
    expanded = [ord(c) >> 5 for c in word] + [0] + [ord(c) & 31 for c in word]
    version, bits = values[0], 5 * (len(values) - 7)
    size = bits // 8
    if version > 16 or not 2 <= size <= 40 or bits % 8 > 4 or (version == 0 and size not in (20, 32)):
        return False
    return bool(bech32_checksum(expanded + values) == (1 if version == 0 else _BECH32M))


def cash(word: str, rest: str) -> bool:
    """True when a CashAddr payload fits the checksum under its leading word."""
    check = 1
    for value in [ord(c) & 31 for c in word] + [0] + [_BECH32[letter] for letter in rest]:
        top = check >> 35
        check = ((check & 0x07FFFFFFFF) << 5) ^ value
        for place, generator in enumerate(_CASH):
            if top >> place & 1:
                check ^= generator
    return check == 1
