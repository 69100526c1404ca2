"""Make the machine scarce; loaded with `-p twinbench_pressure`.

TWINBENCH_CORES pins the process to that many cores, TWINBENCH_BURNERS starts that many processes that use
the same cores in irregular bursts. A burner is nobody's child (a test may wait for its children) and ends by
itself when the session's end of a pipe closes, however the session dies. Standard library only.
"""

import os
import subprocess
import sys

BURNER = """
import os, random, select, sys, time
if os.fork():
    os._exit(0)
lifeline = int(sys.argv[1])
burst = random.Random(int(sys.argv[2]))
while not select.select([lifeline], [], [], burst.uniform(0, 0.004))[0]:
    end = time.monotonic() + burst.uniform(0.002, 0.08)
    while time.monotonic() < end:
        pass
"""


def pin(cores):
    """Keep this process and its children on `cores` cores, chosen by the seed."""
    allowed = sorted(os.sched_getaffinity(0))
    first = int(os.environ.get("TWINBENCH_SEED", "0")) % len(allowed)
    os.sched_setaffinity(0, (allowed + allowed)[first : first + cores])


def burn(count):
    """Start `count` burners that live as long as this process holds the pipe's other end."""
    read_end, write_end = os.pipe()  # the write end is inherited by nobody (PEP 446)
    for index in range(count):
        seed = "%s%d" % (os.environ.get("TWINBENCH_SEED", "0"), index)
        subprocess.run(
            [sys.executable, "-S", "-c", BURNER, str(read_end), seed],
            pass_fds=[read_end],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    os.close(read_end)
    return write_end


def pytest_collection_finish():
    """Begin to burn when the tests begin: pressure on start-up and imports would cost time and find nothing."""
    lifelines.append(burn(int(os.environ.get("TWINBENCH_BURNERS", "0"))))


lifelines = []
if os.environ.get("TWINBENCH_CORES") and hasattr(os, "sched_setaffinity"):
    pin(int(os.environ["TWINBENCH_CORES"]))
