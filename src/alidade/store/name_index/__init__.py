"""The node's index of names: every name in force that was ever given here, held in memory beside the store.

`rows` reads names out of the tables, `kept_file` keeps the index in a folder beside the store, `names` brings both
together for one open store. Nothing here is shown to anybody: a search gives the numbers of records under handlings
that its viewer may see, and the read path reads those records anew under his rights (decision 0012).
"""
