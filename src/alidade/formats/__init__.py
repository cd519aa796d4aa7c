"""Readers and writers of what other systems give: lists with any columns, and the OFAC list."""
