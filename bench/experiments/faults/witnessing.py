"""Let witnesses look: on the clean application nothing may show, on the faulty one the damage must."""

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bench.experiments.faults.fault import Fault, FaultSet
from bench.experiments.faults.patching import faulty_copy
from bench.model import Json
from bench.running.evidence import read_tail
from bench.running.process import SubjectProcess

SUBJECT: Final = Path(__file__).parent / "subject"
LIBRARY: Final = SUBJECT / "twinbench_witness.py"
DEADLINE_S: Final = 150.0
INHERITED: Final = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ")
OUTPUT_LIMIT: Final = 1500


class Sight(StrEnum):
    """What became of one run of a witness."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessRun:
    """One run of a witness on one copy of the application; `fault` is "" for the clean one."""

    witness: str
    backend: str
    fault: str
    sight: Sight
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether a fault is one: the witness passes on the clean application and fails on the faulty one.

    For a control it passes on both.
    """

    fault: str
    backend: str
    is_valid: bool
    reason: str = ""
    damage: str = ""


def run_witness(
    faults: FaultSet,
    fault: Fault,
    *,
    python: Path,
    scratch: Path,
    backend: str,
    database_url: str | None,
    is_clean: bool,
    seconds: float = DEADLINE_S,
) -> WitnessRun:
    """Run a fault's witness on a copy of the application in the scratch folder, however it ends; raise MovedError."""
    imported_from = faulty_copy(faults.application, None if is_clean else fault, scratch / "application")
    out = scratch / "witness.json"
    environment = witness_environment(faults, imported_from, scratch=scratch, database_url=database_url)
    command = [str(python), str(LIBRARY), str(faults.folder / fault.witness)]
    with open(scratch / "witness.txt", "wb") as output:
        process = SubjectProcess(command, cwd=imported_from, env=environment, output=output)
        process.wait(seconds, dump=scratch / "no-stacks")
    sight, message = _sight(out, process, scratch / "witness.txt", seconds)
    return WitnessRun(
        witness=fault.witness, backend=backend, fault="" if is_clean else fault.id, sight=sight, message=message
    )


def witness_environment(
    faults: FaultSet, imported_from: Path, *, scratch: Path, database_url: str | None
) -> dict[str, str]:
    """Return the whole environment of a witness; the copy comes first wherever Python looks."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | dict(faults.environment)
    paths = (imported_from, faults.folder / "witnesses", SUBJECT)
    environment |= {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(scratch),
        "TWINBENCH_RESULT": str(scratch / "witness.json"),
    }
    return environment | ({"DATABASE_URL": database_url} if database_url else {})


def prove(fault: Fault, backend: str, *, clean: WitnessRun | None, faulty: WitnessRun | str) -> Proof:
    """Judge a fault by its witness's two runs; `faulty` is a sentence where the change could not be made."""
    if isinstance(faulty, str):
        return _disproved(fault, backend, faulty)
    if clean is None or clean.sight is not Sight.PASSED:
        told = "nothing" if clean is None else f"{clean.sight}: {clean.message}"
        return _disproved(fault, backend, f"its witness does not pass on the clean application ({told})")
    wanted = Sight.PASSED if fault.is_control else Sight.FAILED
    if faulty.sight is not wanted:
        what = "a control shows damage" if fault.is_control else "its witness shows no damage"
        return _disproved(fault, backend, f"{what} ({faulty.sight}: {faulty.message})")
    return Proof(fault=fault.id, backend=backend, is_valid=True, damage=faulty.message)


def witness_source(faults: FaultSet, fault: Fault) -> str:
    """Return the text of a fault's witness, "" if it cannot be read."""
    path, _, name = fault.witness.partition("::")
    try:
        text = (faults.folder / path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    begin = text.find(f"def {name}(")
    if begin < 0:
        return ""
    rest = text[begin:].splitlines()
    body = rest[1:]
    end = next((number for number, line in enumerate(body) if line and not line.startswith((" ", ")"))), len(body))
    return "\n".join([rest[0], *body[:end]]).rstrip()


def _disproved(fault: Fault, backend: str, reason: str) -> Proof:
    return Proof(fault=fault.id, backend=backend, is_valid=False, reason=reason)


def _sight(out: Path, process: SubjectProcess, printed: Path, seconds: float) -> tuple[Sight, str]:
    if process.hung:
        return Sight.TIMED_OUT, f"the witness did not end in {seconds:.0f} s"
    try:
        found: Json = json.loads(out.read_bytes())
        return Sight(found["outcome"]), str(found["message"])
    except (OSError, ValueError, LookupError, TypeError):
        tail = read_tail(printed, limit=OUTPUT_LIMIT)
        return Sight.ERROR, f"the witness ended with exit code {process.exit_code} and no result: {tail}"
