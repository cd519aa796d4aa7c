"""Ids: random, so that none tells of another."""

from __future__ import annotations

from alidade.model.ids import new_id


class Counting:
    """Randomness whose bytes are known."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def token_bytes(self, count: int) -> bytes:
        self.asked.append(count)
        return bytes([len(self.asked)]) * count


def test_an_id_is_128_bits_of_the_randomness_given_in_hex() -> None:
    chance = Counting()
    assert new_id(chance) == "01" * 16
    assert new_id(chance) == "02" * 16
    assert chance.asked == [16, 16]
