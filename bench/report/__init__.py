"""The report: a pure function from an analysis to the files that a reader opens."""

from bench.report.render import render

__all__ = ["render"]
