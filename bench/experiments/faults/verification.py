"""Run every witness on the clean and on the faulty application, several at a time.

    python -m bench.experiments.faults.verification [--faults FOLDER] [--fault ID ...] [--backend NAME] [--python PATH]

Each line is a fault on a backend, and the reason where it counts for nothing. Exit code 1 if any does.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.experiments.faults.fault import Fault, FaultSet
from bench.experiments.faults.patching import MovedError
from bench.experiments.faults.reading import read_faults
from bench.experiments.faults.witnessing import Proof, WitnessRun, prove, run_witness
from bench.model import NO_BACKEND
from bench.running.databases import Databases
from bench.running.keeper import folder_prefix

DEFAULT_FOLDER: Final = Path(__file__).parents[3] / "faults"
WORKERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """What every run of a witness shares."""

    faults: FaultSet
    python: Path
    databases: Databases

    def run(self, fault: Fault, backend: str, *, is_clean: bool) -> WitnessRun | str:
        """Run a fault's witness on a fresh copy and a fresh database; a sentence if the change cannot be made."""
        scratch = Path(tempfile.mkdtemp(prefix=folder_prefix(self.databases.token)))
        try:
            with self.databases.provision(backend, scratch=scratch) as url:
                return run_witness(
                    self.faults,
                    fault,
                    python=self.python,
                    scratch=scratch,
                    backend=backend,
                    database_url=url,
                    is_clean=is_clean,
                )
        except MovedError as error:
            return str(error)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def verify(
    faults: FaultSet, chosen: Sequence[Fault], *, python: Path, backends: Sequence[str], databases: Databases
) -> Iterator[Proof]:
    """Prove each fault on each of its backends; a witness looks at the clean application once for each backend."""
    verifier = Verifier(faults=faults, python=python, databases=databases)
    pairs = [(fault, backend) for fault in chosen for backend in fault.backends if backend in backends]
    cleans = {(fault.witness, backend): fault for fault, backend in pairs}
    with ThreadPoolExecutor(WORKERS) as pool:
        clean = {key: pool.submit(verifier.run, fault, key[1], is_clean=True) for key, fault in cleans.items()}
        faulty = [pool.submit(verifier.run, fault, backend, is_clean=False) for fault, backend in pairs]
        for (fault, backend), future in zip(pairs, faulty, strict=True):
            seen = clean[fault.witness, backend].result()
            yield prove(fault, backend, clean=None if isinstance(seen, str) else seen, faulty=future.result())


def main(arguments: Sequence[str]) -> int:
    """Verify the faults of a folder and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--fault", nargs="*", default=[])
    parser.add_argument("--backend", nargs="*", default=["sqlite", "postgresql", NO_BACKEND])
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    asked = parser.parse_args(arguments)
    faults = read_faults(asked.faults)
    chosen = [fault for fault in faults.faults if not asked.fault or fault.id in asked.fault]
    counts = {True: 0, False: 0}
    with Databases(backends=_needed(chosen, asked.backend)) as databases:
        for proof in verify(faults, chosen, python=asked.python, backends=asked.backend, databases=databases):
            counts[proof.is_valid] += 1
            print(line_of(proof), flush=True)  # noqa: T201  # the result of this command
    print(f"{counts[True]} proved, {counts[False]} left out")  # noqa: T201  # the result of this command
    return 1 if counts[False] else 0


def line_of(proof: Proof) -> str:
    """Write a proof in one line."""
    text = (proof.damage if proof.is_valid else proof.reason).strip().replace("\n", " | ")
    return f"{'proved  ' if proof.is_valid else 'LEFT OUT'} {proof.fault} @ {proof.backend}: {text[-700:]}"


def _needed(chosen: Sequence[Fault], backends: Sequence[str]) -> tuple[str, ...]:
    return tuple({backend: None for fault in chosen for backend in fault.backends if backend in backends})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
