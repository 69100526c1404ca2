"""Does what a client shows happen on a server?

Scripts under `subject/` run in a dependency set's interpreter and write one JSON object each; the modules beside
them turn those objects into findings.
"""
