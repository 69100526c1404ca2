"""The section of strict runs."""

from bench.drawing import tables
from bench.drawing.section import Section
from bench.drawing.tables import Column


def section(found):
    """Show the runs of each contender."""
    clean = [name for name, (passed, runs) in found.passed.items() if passed == runs]
    rows = [
        [tables.words(name), tables.number(f"{passed}/{runs}", passed)] for name, (passed, runs) in found.passed.items()
    ]
    columns = (Column(heading="Contender"), Column(heading="Passed", kind="number"))
    return Section(
        title="Strictness",
        headline=f"{len(clean)} of {len(found.passed)} suites pass when warnings are errors.",
        tables=(tables.table("table-strictness", "Runs with warnings as errors.", columns, rows),),
    )
