"""Run every event loop in asyncio's debug mode; loaded with `-p twinbench_debug`.

PYTHONASYNCIODEBUG is not enough: plugins that make loops set the mode themselves. Standard library only.
"""

import asyncio

plain = asyncio.BaseEventLoop.set_debug
asyncio.BaseEventLoop.set_debug = lambda self, enabled: plain(self, True)
