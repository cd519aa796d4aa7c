"""What the remarks of the OFAC list say about other things: wallets held, and links to other entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alidade.formats.ofac_files import SourceRow
from alidade.formats.ofac_remarks import LINKED, WALLET, split_segments
from alidade.matching.identifiers import IdentifierError, normalise
from alidade.model.draft import Claim, Draft, Place
from alidade.vocabulary import Vocabulary


class Relations:
    """Gathers what stands between entries while they pass, and gives it as drafts at the end.

    A wallet is a CryptoWallet with its holder. "Linked To" is an UnknownLink where exactly one entry has that
    primary name; other links stay in the notes of their entry only.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        vocabulary.properties_of("UnknownLink")  # refuse now, not after the whole list
        self._named: dict[str, list[str]] = {}
        self._linked: list[tuple[str, str, Place]] = []
        self._wallets: dict[tuple[str, str], list[tuple[str, Place]]] = {}

    def add(self, rows: Sequence[SourceRow]) -> None:
        """Take the rows of one entry."""
        entry = rows[0].cells["ent_num"]
        place = Place(file="sdn.csv", row=rows[0].number)
        self._named.setdefault(rows[0].cells["sdn_name"].casefold(), []).append(entry)
        remarks = rows[0].cells["remarks"]
        remarks += "".join(row.cells["remarks_continued"] for row in rows if row.kind == "sdn_comments")
        for segment in split_segments(remarks):
            if found := LINKED.match(segment):
                self._linked.append((entry, found[1].casefold(), place))
            elif found := WALLET.search(segment):
                self._wallets.setdefault((found[1], found[2]), []).append((entry, place))

    def drafts(self) -> Iterator[Draft]:
        """Wallets, then links, each once."""
        for (currency, address), holders in self._wallets.items():
            claims = [Claim(property="currencySymbol", value=currency)]
            claims.append(_wallet_claim(address))
            claims += [Claim(property="holder", value=entry, refers=True) for entry, _ in holders]
            key = f"{currency}:{address}"
            yield Draft(key=key, thing="CryptoWallet", claims=tuple(claims), place=holders[0][1])
        done: set[frozenset[str]] = set()
        for entry, name, place in self._linked:
            targets = self._named.get(name, [])
            ends = frozenset((entry, *targets))
            if len(targets) != 1 or len(ends) != 2 or ends in done:
                continue
            done.add(ends)
            claims = [
                Claim(property="subject", value=entry, refers=True),
                Claim(property="object", value=targets[0], refers=True),
                Claim(property="role", value="Linked To"),
            ]
            key = f"{entry}-linked-{targets[0]}"
            yield Draft(key=key, thing="UnknownLink", claims=tuple(claims), place=place)


def _wallet_claim(address: str) -> Claim:
    try:
        shown = normalise("crypto", address).shown
    except IdentifierError:
        shown = address
    return Claim(property="publicKey", value=shown, original=None if shown == address else address)
