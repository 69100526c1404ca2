"""What a command costs before it does anything: CPU seconds of a fresh process, for those that need no statistics."""

import resource
import statistics
import subprocess
import sys

COMMANDS = (("--help",), ("run", "--dry-run", "--profile", "smoke"), ("report", "--list"), ("doctor",))
TIMES = 7


def words() -> str:
    """Give the median CPU time of each command over fresh processes, the commands in turn."""
    seconds = {command: [] for command in COMMANDS}
    for _ in range(TIMES):
        for command in COMMANDS:
            seconds[command].append(_cpu_seconds([sys.executable, "-m", "bench", *command]))
    lines = [
        f"  {' '.join(command)}: {statistics.median(found):.2f} s ({min(found):.2f} to {max(found):.2f})"
        for command, found in seconds.items()
    ]
    return "\n".join([f"CPU time of commands that need no statistics, median of {TIMES}:", *lines])


def _cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
