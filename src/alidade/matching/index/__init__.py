"""The index of names: fuzzy work on the distinct words, rights inside retrieval."""
