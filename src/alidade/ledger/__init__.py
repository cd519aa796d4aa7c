"""The log of who asked, saw and changed what, made so that nobody can alter it unseen.

`entry` is one line of the log, `tree` seals the lines (RFC 6962), `head` is the signed seal, `cosign` is
what another authority does with it, `verify` re-reads everything and reports what does not fit.
"""
