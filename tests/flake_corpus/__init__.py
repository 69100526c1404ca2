"""A corpus of known flaky and known stable tests, and how well the search does on it.

`python -m tests.flake_corpus` prints the figures. The suite lies beside this in `suite/`, where pytest does not
look by itself; what is true of it is in `truth`, which the search never sees.
"""
