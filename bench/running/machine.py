"""What machine this is, and how loaded it is right now."""

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from bench.model import MachineReading


def fingerprint() -> Mapping[str, str]:
    """Describe the machine for the manifest: label to text, stable while nothing changes but `load`."""
    return {
        "processor": _cpu_model(),
        "cores": str(psutil.cpu_count(logical=True) or "unknown"),
        "memory": f"{psutil.virtual_memory().total / 2**30:.1f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "harness Python": f"{platform.python_implementation()} {platform.python_version()}",
        "frequency governor": _first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or "not told",
        "load at start": " ".join(f"{load:.2f}" for load in _load_average() or ()) or "not told",
    }


def read() -> MachineReading:
    """Read load and steal; cheap enough to be called around every trial."""
    load = _load_average()
    return MachineReading(
        load_1min=None if load is None else round(load[0], 2),
        steal_ticks=_steal_ticks(),
    )


def _load_average() -> tuple[float, float, float] | None:
    with suppress(OSError, AttributeError):
        return os.getloadavg()
    return None


def _cpu_model() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "not told"


def _steal_ticks() -> int | None:
    fields = (_first_line("/proc/stat") or "").split()
    return int(fields[8]) if len(fields) > 8 and fields[0] == "cpu" else None


def _first_line(path: str) -> str | None:
    with suppress(OSError, UnicodeDecodeError), open(path, encoding="ascii") as file:
        return file.readline().strip()
    return None
