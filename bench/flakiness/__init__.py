"""Flakiness: provoke it, prove it, name its cause, bound what was not seen.

Data flow: conditions -> hunting (a generator: circumstances out, trials in) -> bisection, classification,
replay -> findings. Nothing in here starts a process; the `flakes` command and the campaign do.
"""
