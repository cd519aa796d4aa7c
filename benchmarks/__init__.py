"""What Alidade costs in time, measured here; one module for each figure. See: python -m benchmarks --help."""
