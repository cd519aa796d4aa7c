"""Threads: what runs between authorities, from the first step to the last, with its clocks, its drafts and its desk.

Each module holds the use cases of one idea; results are the plain objects of `view`.
"""
