"""Alidade: what several authorities know, crossed under each owner's rules."""

__version__ = "0.1.0"
