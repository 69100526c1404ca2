"""Races between threads, and requests through TestClient."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def test_thread_is_done_after_a_sleep():
    done = []
    thread = threading.Thread(target=lambda: done.append(1))
    thread.start()
    time.sleep(0.005)
    try:
        assert done
    finally:
        thread.join()


def test_pool_finishes_in_order():
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(lambda n=n: (time.sleep(0.003 * n), n)[1]) for n in range(3)]
        assert [job.result() for job in as_completed(jobs)] == [0, 1, 2]


def test_two_producers_alternate():
    items = queue.Queue()

    def produce(name):
        items.put(name)

    threads = [threading.Thread(target=produce, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [items.get(), items.get()] == ["a", "b"]


def test_withdrawals_do_not_overdraw():
    account = {"balance": 100}

    def withdraw(pause):
        if account["balance"] >= 80:
            time.sleep(0.001)
            account["balance"] -= 80

    def later():
        time.sleep(0.006)
        withdraw(0)

    threads = [threading.Thread(target=withdraw, args=(0,)), threading.Thread(target=later)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account["balance"] >= 0


def test_background_work_is_done_after_the_answer():
    import asyncio

    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    sent, tasks = [], set()

    async def send():
        await asyncio.to_thread(sent.append, "mail")

    async def register(request):
        task = asyncio.create_task(send())
        tasks.add(task)
        await asyncio.sleep(0.004)
        return JSONResponse({})

    with TestClient(Starlette(routes=[Route("/", register)])) as client:
        client.get("/")
        assert sent == ["mail"]
