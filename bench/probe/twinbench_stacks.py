"""Write all stacks when the harness asks for them with SIGUSR1, before it kills a hanging trial.

It stays armed to the very end, because processes also hang while they exit. A bare descriptor is not a file
object: nothing is there to be warned about when the process ends with it. Standard library and the descriptors of the events only.
"""

import faulthandler
import io
import os
import signal
import sys

from twinbench_events import Real, open_high


def arm(path):
    """On SIGUSR1 write the stacks of all tasks and threads to `path`."""
    if not hasattr(signal, "SIGUSR1"):
        return
    try:
        out = open_high(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        signal.signal(signal.SIGUSR1, lambda *_: dump_tasks(out))
        faulthandler.register(signal.SIGUSR1, file=out, all_threads=True, chain=True)
    except (OSError, ValueError, RuntimeError):
        pass  # not the main thread, or no such file: then a hanging trial shows no stacks


def dump_tasks(out):
    """Write the stack of every asyncio task: a hanging test often waits in none of the threads."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return
    import gc

    # Not isinstance: it asks an object for its __class__, and the proxies of users' code run code to answer.
    for task in [found for found in gc.get_objects() if issubclass(type(found), asyncio.Task)]:
        try:
            if not task.done():
                words = io.StringIO()
                task.print_stack(file=words)
                Real.write(out, words.getvalue().encode("utf-8", "backslashreplace"))
        except Exception:  # a task may be in any state, and what runs here interrupts the suite
            continue
