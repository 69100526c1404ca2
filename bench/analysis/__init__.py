"""From journal and manifest to findings: pure functions, trials in, numbers with their reasons out."""

from bench.analysis.assemble import analyse

__all__ = ["analyse"]
