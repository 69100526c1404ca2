"""The wall clock and the time zone, asynchronous."""

import asyncio
import datetime
import time


async def test_report_is_of_one_day():
    rows = []
    for _ in range(3):
        rows.append(datetime.datetime.now(datetime.timezone.utc).date())
        await asyncio.sleep(0.002)
    assert len(set(rows)) == 1


async def test_token_of_2030_is_alive():
    await asyncio.sleep(0)
    assert time.time() < 1_900_000_000


async def test_yesterday_is_one_less():
    await asyncio.sleep(0)
    today = datetime.date.today()
    yesterday = today - datetime.timedelta(days=1)
    tomorrow = today + datetime.timedelta(days=1)
    assert yesterday.month == tomorrow.month
