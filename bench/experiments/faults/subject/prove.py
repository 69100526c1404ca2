"""Run a witness on a copy of the application, with some of its files exchanged.

    python prove.py APPLICATION FAULTS WITNESS [PATH=FILE ...]

APPLICATION is the folder or file that is copied below the trial's own folder, FAULTS the folder of the set, WITNESS
FILE.py::FUNCTION in it, and PATH, relative to APPLICATION, becomes what FILE holds. The result is that of
twinbench_witness. Standard library only.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

LEFT_OUT = ("__pycache__", ".git", ".venv", "node_modules", "*.pyc", "*.db", "*.sqlite")


def main(application: Path, faults: Path, witness: str, changes: list[str]) -> None:
    """Copy, exchange, and become the program that runs witnesses."""
    here = Path(tempfile.gettempdir()) / "application"
    copied = here / application.name
    here.mkdir()
    if application.is_dir():
        shutil.copytree(application, copied, ignore=shutil.ignore_patterns(*LEFT_OUT))
    else:
        shutil.copy2(application, copied)
    for change in changes:
        path, _, text = change.partition("=")
        shutil.copyfile(text, copied / path if application.is_dir() else copied)
    subject = Path(__file__).parent
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, (here, faults / "witnesses", subject)))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.chdir(here)
    os.execv(sys.executable, [sys.executable, str(subject / "twinbench_witness.py"), str(faults / witness)])  # noqa: S606 - no shell


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
