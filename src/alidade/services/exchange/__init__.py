"""Exchange: what one authority sends to another of a different node, and what it takes from there; peers and keys."""
