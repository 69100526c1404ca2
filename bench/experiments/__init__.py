"""The experiments: a question each, in a folder each; `registry.py` lists them."""
