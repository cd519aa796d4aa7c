"""World: everything beside viewer and handling that a decision depends on, taken from data at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alidade.model.ids import AuthorityId
from alidade.model.viewer import Party
from alidade.policy.agreements import Agreements
from alidade.vocabulary import Agreement, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The authorities of the directory, the agreements, and what the codes of law mean.

    `ranks`: classification to rank, higher is more secret. `purposes`: purpose of Art. 18(2) of Regulation
    (EU) 2016/794 to the search it opens under Art. 20 ("direct", "hit_only", "none").
    """

    parties: Mapping[AuthorityId, Party]
    agreements: Agreements
    ranks: Mapping[str, int]
    purposes: Mapping[str, str]

    @classmethod
    def build(
        cls,
        parties: Iterable[Party] | Mapping[AuthorityId, Party],
        vocabulary: Vocabulary,
        extra_agreements: Iterable[Agreement] = (),
    ) -> World:
        """The world of these authorities under the agreements of the vocabulary and the extra ones."""
        listed = parties.values() if isinstance(parties, Mapping) else parties
        return cls(
            parties=MappingProxyType({party.id: party for party in listed}),
            agreements=Agreements.of((*vocabulary.agreements.values(), *extra_agreements)),
            ranks=MappingProxyType({code: each.rank for code, each in vocabulary.classifications.items()}),
            purposes=MappingProxyType({code: each.search for code, each in vocabulary.purposes.items()}),
        )
