"""Threads on the pages: how clocks, forms and previews of the exchange are drawn and read."""
