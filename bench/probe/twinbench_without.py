"""Leave something out of a suite that may explain a difference; loaded with `-p twinbench_without`.

TWINBENCH_WITHOUT names it: `loop-debug` keeps asyncio's debug mode off whoever asks for it, `sleep` returns from every
sleep at once. Standard library only, Python >= 3.9.
"""

import asyncio
import os
import time


def without_loop_debug():
    """Create every loop without debug mode, and let nobody switch it on."""
    plain = asyncio.BaseEventLoop.__init__

    def __init__(self, *args, **kwargs):
        plain(self, *args, **kwargs)
        self._debug = False

    asyncio.BaseEventLoop.__init__ = __init__
    asyncio.BaseEventLoop.set_debug = lambda self, enabled: None


def without_sleep():
    """Return from every sleep at once; tasks still give way."""
    plain, plain_async = time.sleep, asyncio.sleep

    async def sleep_async(delay, result=None):
        return await plain_async(0, result)

    time.sleep = lambda seconds: plain(0)
    asyncio.sleep = asyncio.tasks.sleep = sleep_async


{"loop-debug": without_loop_debug, "sleep": without_sleep}.get(os.environ.get("TWINBENCH_WITHOUT"), lambda: None)()
