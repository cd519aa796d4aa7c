"""The face for programs: JSON over HTTP under /api/v1/. Each address parses, calls one use case and renders."""
