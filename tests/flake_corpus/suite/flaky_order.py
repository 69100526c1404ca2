"""Order-dependent tests, synchronous: victims pass until their polluter ran, brittle tests need a state-setter."""

import builtins
import decimal
import functools
import logging
import os
import sqlite3
import sys

REGISTRY = {}
PAIR = set()
SESSION = {"user": None}
EVENTS = []
COUNTER = {"n": 0}
LOG = logging.getLogger("flake_corpus")


@functools.lru_cache
def setting(name):
    return os.environ.get(f"FLAKE_CORPUS_{name}", "default")


class Service:
    endpoint = "production"


class Shared:
    """One in-memory database for the module."""

    connection = None

    @classmethod
    def open(cls):
        if cls.connection is None:
            cls.connection = sqlite3.connect(":memory:", check_same_thread=False)
            cls.connection.execute("CREATE TABLE account (name TEXT UNIQUE)")
        return cls.connection


def test_victim_of_a_registry():
    assert "plugin" not in REGISTRY


def test_victim_of_an_environment_variable():
    assert "FLAKE_CORPUS_MODE" not in os.environ


def test_victim_of_a_patched_class():
    assert Service.endpoint == "production"


def test_victim_of_a_cached_function():
    os.environ["FLAKE_CORPUS_COLOUR"] = "blue"
    try:
        assert setting("COLOUR") == "blue"
    finally:
        del os.environ["FLAKE_CORPUS_COLOUR"]
        if setting("COLOUR") == "blue":
            setting.cache_clear()


def test_victim_of_the_working_directory():
    assert os.path.exists(os.path.join(os.getcwd(), "pytest.ini"))


def test_victim_of_the_decimal_context():
    assert str(decimal.Decimal(1) / decimal.Decimal(3)) == "0." + "3" * 28


def test_victim_of_disabled_logging(caplog):
    LOG.error("seen")
    assert "seen" in caplog.text


def test_victim_of_left_rows():
    rows = Shared.open().execute("SELECT count(*) FROM account").fetchone()[0]
    assert rows == 0


def test_victim_of_two():
    assert not {"first", "second"} <= PAIR


def test_victim_with_a_cleaner():
    assert EVENTS == []


def test_victim_of_a_replaced_module():
    assert sys.modules.get("flake_corpus_fake") is None


def test_stable_between_one():
    assert sum(range(10)) == 45


def test_polluter_fills_the_registry():
    REGISTRY["plugin"] = object()
    assert REGISTRY


def test_polluter_sets_the_environment():
    os.environ["FLAKE_CORPUS_MODE"] = "debug"


def test_polluter_patches_the_class():
    Service.endpoint = "http://localhost"
    assert Service.endpoint.startswith("http")


def test_polluter_fills_the_cache():
    assert setting("COLOUR") == "default"


def test_polluter_changes_the_directory(tmp_path):
    os.chdir(tmp_path)


def test_polluter_lowers_the_precision():
    decimal.getcontext().prec = 6
    assert decimal.getcontext().prec == 6


def test_polluter_disables_logging():
    logging.disable(logging.CRITICAL)


def test_polluter_leaves_a_row():
    Shared.open().execute("INSERT OR IGNORE INTO account VALUES ('left')")


def test_first_of_two_polluters():
    PAIR.add("first")


def test_second_of_two_polluters():
    PAIR.add("second")


def test_polluter_leaves_an_event():
    EVENTS.append("left")


def test_cleaner_of_events():
    EVENTS.clear()


def test_polluter_replaces_a_module():
    sys.modules["flake_corpus_fake"] = builtins


def test_state_setter_logs_in():
    SESSION["user"] = "alice"
    assert SESSION["user"]


def test_state_setter_counts():
    COUNTER["n"] = 1


def test_brittle_needs_a_login():
    assert SESSION["user"] == "alice"


def test_brittle_needs_the_counter():
    COUNTER["n"] += 1
    assert COUNTER["n"] >= 2
