"""Stable tests, synchronous: each does something that a flaky one does too, but rightly."""

import datetime
import decimal
import functools
import hashlib
import json
import os
import queue
import random
import re
import secrets
import sqlite3
import string
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter, OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor

import pytest

HISTORY = []


@pytest.fixture(scope="module")
def database():
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE entry (n INTEGER)")
    yield connection
    connection.close()


@pytest.fixture
def rows(database):
    yield database
    database.execute("DELETE FROM entry")


@pytest.fixture
def history():
    HISTORY.clear()
    yield HISTORY
    HISTORY.clear()


@pytest.mark.parametrize("n", range(20))
def test_sum(n):
    assert sum(range(n + 1)) == n * (n + 1) // 2


@pytest.mark.parametrize("letters", ["abc", "zyx", "", "aab", "hello", "z"])
def test_sorted_set(letters):
    assert sorted(set(letters)) == sorted(Counter(letters))


@pytest.mark.parametrize("n", range(8))
def test_rows_are_deleted(rows, n):
    assert rows.execute("SELECT count(*) FROM entry").fetchone() == (0,)
    rows.executemany("INSERT INTO entry VALUES (?)", [(i,) for i in range(n)])
    assert rows.execute("SELECT count(*) FROM entry").fetchone() == (n,)


@pytest.mark.parametrize("n", range(6))
def test_history_is_its_own(history, n):
    history.append(n)
    assert history == [n]


@pytest.mark.parametrize("n", range(6))
def test_threads_are_joined(n):
    seen = []
    threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(n))


@pytest.mark.parametrize("n", range(5))
def test_pool_keeps_the_order_of_map(n):
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda i: i * i, range(n))) == [i * i for i in range(n)]


@pytest.mark.parametrize("n", range(1, 6))
def test_counter_with_a_lock(n):
    lock, total = threading.Lock(), {"n": 0}

    def add():
        for _ in range(50):
            with lock:
                total["n"] += 1

    threads = [threading.Thread(target=add) for _ in range(n)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert total["n"] == 50 * n


@pytest.mark.parametrize("n", range(4))
def test_event_is_waited_for(n):
    ready = threading.Event()
    thread = threading.Thread(target=lambda: (time.sleep(0.001 * n), ready.set()))
    thread.start()
    assert ready.wait(20)
    thread.join()


@pytest.mark.parametrize("n", range(5))
def test_queue_is_first_in_first_out(n):
    items = queue.Queue()
    for i in range(n):
        items.put(i)
    assert [items.get() for _ in range(n)] == list(range(n))


@pytest.mark.parametrize("seed", range(5))
def test_seeded_random_is_the_same(seed):
    assert random.Random(seed).random() == random.Random(seed).random()


@pytest.mark.parametrize("n", range(4))
def test_shuffle_keeps_the_elements(n):
    cards = list(range(20))
    random.shuffle(cards)
    assert sorted(cards) == list(range(20))
    assert 0 <= random.randint(0, n) <= n


def test_identifiers_differ():
    assert len({uuid.uuid4() for _ in range(200)}) == 200
    assert len({secrets.token_hex(16) for _ in range(200)}) == 200


def test_names_are_unique_enough():
    assert len({random.randint(0, 2**62) for _ in range(200)}) == 200


@pytest.mark.parametrize("day", ["2026-01-31", "2028-02-29", "2026-12-31", "1999-07-04"])
def test_fixed_dates(day):
    moment = datetime.date.fromisoformat(day)
    assert (moment + datetime.timedelta(days=1) - moment).days == 1
    assert moment.strftime("%Y-%m-%d") == day


def test_time_of_a_file_is_not_of_tomorrow(tmp_path):
    started = time.monotonic()
    (tmp_path / "file").write_text("text")
    assert time.monotonic() >= started


def test_now_is_between_two_readings():
    first = datetime.datetime.now(datetime.timezone.utc)
    second = datetime.datetime.now(datetime.timezone.utc)
    assert first <= second


def test_elapsed_time_is_not_negative():
    started = time.perf_counter()
    time.sleep(0.002)
    assert time.perf_counter() - started >= 0.001


def test_utc_round_trip():
    now = datetime.datetime.now(datetime.timezone.utc)
    assert datetime.datetime.fromisoformat(now.isoformat()) == now


@pytest.mark.parametrize("name", ["FLAKE_STABLE_ONE", "FLAKE_STABLE_TWO", "FLAKE_STABLE_THREE"])
def test_environment_is_restored(monkeypatch, name):
    assert name not in os.environ
    monkeypatch.setenv(name, "1")
    assert os.environ[name] == "1"


def test_directory_is_restored(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert os.path.samefile(os.getcwd(), tmp_path)


@pytest.mark.parametrize("precision", [4, 10, 30])
def test_decimal_in_a_local_context(precision):
    with decimal.localcontext() as context:
        context.prec = precision
        assert str(decimal.Decimal(1) / decimal.Decimal(3)) == "0." + "3" * precision


def test_cache_of_its_own():
    calls = []

    @functools.lru_cache
    def double(n):
        calls.append(n)
        return 2 * n

    assert (double(2), double(2), calls) == (4, 4, [2])


def test_subprocess_with_time_enough():
    done = subprocess.run([sys.executable, "-S", "-E", "-c", "print(1)"], capture_output=True, timeout=60, check=True)
    assert done.stdout.split() == [b"1"]


@pytest.mark.parametrize("text", ["{}", "[]", '{"a": [1, 2]}', '"x"', "1.5", "null"])
def test_json_round_trip(text):
    assert json.loads(json.dumps(json.loads(text))) == json.loads(text)


@pytest.mark.parametrize("word", ["alpha", "beta", "gamma", "", "ß"])
def test_digest_is_the_same(word):
    assert hashlib.sha256(word.encode()).digest() == hashlib.sha256(word.encode()).digest()


@pytest.mark.parametrize("n", range(6))
def test_temporary_file(n):
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * n)
        file.seek(0)
        assert len(file.read()) == n


@pytest.mark.parametrize("n", range(5))
def test_ordered_containers(n):
    assert list(OrderedDict.fromkeys(range(n))) == list(deque(range(n)))


@pytest.mark.parametrize("letter", list(string.ascii_lowercase[:10]))
def test_pattern(letter):
    assert re.fullmatch("[a-j]", letter)


@pytest.mark.skip(reason="a skipped test is no flake")
def test_skipped():
    raise AssertionError


@pytest.mark.xfail(reason="an expected failure is no flake", strict=True)
def test_expected_failure():
    raise AssertionError
