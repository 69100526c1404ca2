"""The share of a campaign's wall time that the harness takes between its trials."""

from pathlib import Path

from bench.storage import journal, run_folder


def words(reports: Path, run_id: str | None) -> str:
    """Read the share from the journal of a run that was not interrupted."""
    folder = run_folder.find(reports, run_id)
    trials, _ = journal.read(folder.journal)
    inside = sum(trial.wall_ns for trial in trials)
    overhead = sum(trial.overhead_ns for trial in trials)
    first, last = trials[0], trials[-1]
    span = last.started_unix_ns + last.wall_ns - first.started_unix_ns
    return (
        f"harness: {(1 - inside / span) * 100:.2f} % of {span / 1e9:.0f} s between the first trial and the last "
        f"({overhead / 1e9:.1f} s of it for scratch folders and databases), {len(trials)} trials "
        f"of {folder.path.name}; the aim is at most 3 %"
    )
