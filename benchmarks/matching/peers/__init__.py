"""Scripts that the Python of the peers runs; they import neither the program nor anything it needs."""
