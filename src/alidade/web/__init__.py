"""The pages: parse, call one use case, render. No rule lives here."""
