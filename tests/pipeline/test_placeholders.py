"""Laws of placeholders: a database's URL comes through as it is, with a driver or in parts."""

import pytest

from bench.configuration import placeholders
from bench.errors import ConfigurationError

SQLITE = "sqlite:////scratch/trial.db"
SERVER = "postgresql://user:pass%20word@localhost:5433/trial?host=%2Fsocket"


def filled(template, url):
    return placeholders.fill(template, project="/project", scratch="/scratch", database_url=url)


@pytest.mark.parametrize("url", [SQLITE, "sqlite:///trial.db", SERVER, ""])
def test_a_url_comes_through_as_it_is(url):
    assert filled("{database_url}", url) == url


def test_a_driver_stands_behind_the_backend():
    drivers = "{database_url:asyncpg,aiosqlite}"
    assert filled(drivers, SQLITE) == "sqlite+aiosqlite:////scratch/trial.db"
    assert filled(drivers, SERVER) == SERVER.replace("postgresql:", "postgresql+asyncpg:")


def test_a_server_comes_in_parts():
    parts = "{database_user} {database_password} {database_host} {database_port} {database_name}"
    assert filled(parts, SERVER) == "user pass word localhost 5433 trial"
    assert filled("{database_name}", SQLITE) == "/scratch/trial.db"


def test_without_a_database_its_placeholders_are_empty():
    assert filled("<{database_url}{database_url:asyncpg}{database_host}{database_port}>", None) == "<>"


@pytest.mark.parametrize("text", ['{"a": 1}', "{}", "{0}", "{a b}", "{{"])
def test_other_braces_are_themselves(text):
    assert filled(text, SQLITE) == text


@pytest.mark.parametrize("text", ["{scratch}", "test[{database_url}]", "{{scratch}}", "{unknown:x}"])
def test_an_escaped_text_is_itself(text):
    assert filled(placeholders.escape(text), SQLITE) == text


@pytest.mark.parametrize("template", ["{databse_url}", "{scratch:asyncpg}", "{database_url:mysqldb}"])
def test_what_no_trial_could_fill_is_refused(template):
    with pytest.raises(ConfigurationError, match="pytest_args"):
        placeholders.check(template, where="pytest_args")


def test_a_backend_without_a_driver_is_refused():
    placeholders.check("{database_url:asyncpg,aiosqlite}", where="x", backends=("sqlite", "postgresql"))
    with pytest.raises(ConfigurationError, match="do not fit") as refused:
        placeholders.check("{database_url:asyncpg}", where="x", backends=("sqlite", "postgresql"))
    assert "none of them is for sqlite" in refused.value.cause
