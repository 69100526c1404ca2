"""A look at a repository becomes a configuration that can be read, and nothing of the user's is overwritten."""

import tomllib

import pytest

from bench import cli
from bench.claims import file as claims
from bench.configuration import config
from bench.configuration.looking import look

SYNC = "from fastapi.testclient import TestClient\n\ndef test_one():\n    pass\n\ndef test_two():\n    pass\n"
ASYNC = "from httpx import AsyncClient\n\nasync def test_one():\n    pass\n"
SETTINGS = 'import os\nurl = os.environ["DATABASE_URL"]\nengine = "postgresql+asyncpg"\n'


@pytest.fixture
def repository(tmp_path):
    """Make a repository with tests of both styles, settings and an environment."""
    for path, text in {
        "tests/api/test_sync.py": SYNC,
        "tests/async_api/test_async.py": ASYNC,
        "service/settings.py": SETTINGS,
        "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests']\n",
        "node_modules/test_not_ours.py": "def test_x(): pass\n",
        "broken/test_broken.py": "def test_(:\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    return tmp_path


def test_a_repository_tells_its_styles_settings_and_variables(repository):
    found = look(repository)
    assert found.settings == "pyproject.toml"
    assert found.python == ".venv/bin/python"
    assert [(folder.path, folder.style, folder.tests) for folder in found.folders] == [
        ("tests/api", "sync", 2),
        ("tests/async_api", "async", 1),
    ]
    assert [folder.clients for folder in found.folders] == [("TestClient",), ("AsyncClient",)]
    assert found.variables == ("DATABASE_URL",)
    assert found.drivers == ("asyncpg",)


def test_settings_of_pydantic_name_their_variables_too(tmp_path):
    (tmp_path / "test_a.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    text = "from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    db_url: str\n"
    (tmp_path / "settings.py").write_text(text, encoding="utf-8")
    assert look(tmp_path).variables == ("DB_URL",)


def test_what_is_written_can_be_read(repository, capsys):
    assert cli.main(["init", str(repository)]) == 0
    found = config.read(repository / "twinbench.toml")
    assert [contender.id for contender in found.contenders] == ["sync", "async"]
    assert found.contenders[0].pytest_args == ("-q", "tests/api")
    assert claims.read(found.claims, contenders=found.names)[1] == ()
    assert "2 tests, 0 of them asynchronous, TestClient" in capsys.readouterr().out


def test_the_lines_that_wait_in_comments_can_be_read(repository):
    cli.main(["init", str(repository)])
    for name in ("twinbench.toml", "twinbench-claims.toml"):
        path = repository / name
        lines = path.read_text(encoding="utf-8").splitlines()
        waiting = ("# environment", "# backends", "# before", "# inherit", "# [", "# id", "# st", "# se", "# g", "# k")
        waiting += ("# w", "# su", "# r", "# m")
        open_lines = [line.removeprefix("# ") if line.startswith(waiting) else line for line in lines]
        path.write_text("\n".join(open_lines), encoding="utf-8")
    found = config.read(repository / "twinbench.toml")
    assert found.contenders[0].environment == {"DATABASE_URL": "{database_url:asyncpg}"}
    assert found.contenders[0].before == "alembic upgrade head"
    assert [claim.subject for claim in claims.read(found.claims, contenders=found.names)[1]] == ["sync"]


def test_one_style_makes_one_row_and_a_second_in_comments(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    assert cli.main(["init", str(tmp_path)]) == 0
    text = (tmp_path / "twinbench.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(text)["contenders"]) == ["tests"]
    assert "# [contenders.other]" in text


@pytest.mark.parametrize("name", ["twinbench.toml", "twinbench-claims.toml"])
def test_a_file_of_the_user_is_never_overwritten(repository, capsys, name):
    (repository / name).write_text("mine", encoding="utf-8")
    assert cli.main(["init", str(repository)]) == 2
    assert (repository / name).read_text(encoding="utf-8") == "mine"
    assert "never overwritten" in capsys.readouterr().err


def test_a_folder_without_tests_is_refused(tmp_path, capsys):
    assert cli.main(["init", str(tmp_path)]) == 2
    assert "no test was found" in capsys.readouterr().err
    assert cli.main(["init", str(tmp_path / "nowhere")]) == 2
