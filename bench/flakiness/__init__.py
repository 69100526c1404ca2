"""Flakiness: provoke it, prove it, name its cause, bound what was not seen.

Data flow: design -> survey -> diagnosis (a search: batches of circumstances out, trials in) -> findings. Nothing in
here starts a process; the loop of a campaign does.
"""
