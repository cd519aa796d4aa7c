"""Threads in the store: shared rows, each party's own desk, and what of them one party may read."""
