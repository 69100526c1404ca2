"""The pages stay true: what they name exists, and what exists is named."""

import ast
import re
import runpy
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import cli
from bench.campaign.profiles import PROFILES
from bench.claims import file as claims
from bench.configuration import rows as config_rows
from bench.errors import ExitCode
from bench.experiments.registry import EXPERIMENTS
from bench.report.charts import CHARTS
from bench.statistics import ComparisonVerdict

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))
TEXT = {path.name: path.read_text(encoding="utf-8") for path in PAGES}
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")
SESSIONS = set(re.findall(r"^@nox\.session\ndef (\w+)", NOXFILE, re.MULTILINE)) | set(
    re.findall(r'session\(name="([\w-]+)"', NOXFILE)
)
FOLDERS = ("app", "bench", "docs", "locks", "suites", "tests")


def found(pattern: str) -> list[tuple[str, str]]:
    return sorted({(name, match) for name, text in TEXT.items() for match in re.findall(pattern, text)})


@pytest.mark.parametrize(("page", "session"), found(r"nox -s ([\w-]+)"))
def test_a_page_names_only_sessions_that_exist(page, session):
    assert session in SESSIONS


@pytest.mark.parametrize(("page", "command"), found(r"python -m bench (\w+)"))
def test_a_page_names_only_commands_that_exist(page, command):
    assert command in cli.COMMANDS


@cache
def nox_sessions():
    return runpy.run_path(str(ROOT / "noxfile.py"))


@pytest.mark.parametrize("command", sorted({command for _, command in found(r"nox -s bench -- (\w+)")}))
def test_a_study_that_a_page_names_reaches_its_command(command, monkeypatch):
    ran = []
    session = SimpleNamespace(
        posargs=[command, "--dry-run"], install=lambda *_, **__: None, run=lambda *words: ran.append(words)
    )
    monkeypatch.chdir(ROOT)
    nox_sessions()["bench"].func(session)
    assert ran == [("python", "-m", "bench", command, "--dry-run")]
    assert command in cli.COMMANDS


@pytest.mark.parametrize(("page", "path"), found(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`"))
def test_a_page_names_only_paths_that_exist(page, path):
    assert (ROOT / path.replace("NAME", "speed")).exists()


@pytest.mark.parametrize(("page", "option"), found(r"(?:nox|bench)[^\n`]* (--[a-z-]+)"))
def test_a_page_names_only_options_that_exist(page, option):
    known = {option for command in _commands() for option in command} | {"--check", "--write"}
    assert option in known


def _commands() -> list[list[str]]:
    parsers = next(action.choices for action in cli.parser()._actions if action.dest == "command")
    return [[string for action in parser._actions for string in action.option_strings] for parser in parsers.values()]


@pytest.mark.parametrize("kind", claims.kinds())
def test_each_kind_of_claim_is_documented_with_its_keys(kind):
    (row,) = [line for line in TEXT["claims.md"].splitlines() if line.startswith(f"| `{kind}` |")]
    assert [key for key in claims.kinds()[kind].needs if f"`{key}`" not in row] == []


def test_each_statement_of_the_record_has_a_row_with_the_experiment_that_answers_it():
    stated = claims.parse((ROOT / "bench" / "claims.toml").read_text("utf-8"), source="claims.toml")
    answered = {kind.name: f"`{name}`" for name, experiment in EXPERIMENTS.items() for kind in experiment.kinds}
    others = {"opinion": "no measurement can", "unmeasured": "no experiment yet"}
    wanted = [
        f"| {claim.section} | {claim.statement} | `{claim.id}` | {(answered | others)[claim.kind]} |"
        for claim in stated
    ]
    assert [row for row in wanted if row not in TEXT["claims.md"].splitlines()] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_is_named(profile):
    ways = (f"--profile {profile}", f"-- {profile}", f"twinbench {profile} ")
    assert any(way in text for text in TEXT.values() for way in ways)


@pytest.mark.parametrize("key", sorted(config_rows.ContenderRow.__dataclass_fields__))
def test_each_key_of_a_contender_is_documented(key):
    assert re.search(rf"^\|.*`{key}`.*\|", TEXT["README.md"], re.MULTILINE)


@pytest.mark.parametrize("code", ExitCode)
def test_each_exit_code_is_documented(code):
    assert f"| {code.value} |" in TEXT["reading-the-report.md"]


@pytest.mark.parametrize("verdict", ComparisonVerdict)
def test_each_verdict_is_explained(verdict):
    words = verdict.value.removesuffix(", size unresolved").removesuffix(" materially")
    assert words.split()[-1] in TEXT["reading-the-report.md"]


def test_the_path_for_an_experiment_and_a_chart_is_the_real_one():
    assert EXPERIMENTS
    assert CHARTS
    assert {"EXPERIMENTS", "CHARTS", "COMMANDS"} <= set(re.findall(r"`([A-Z]+)`", TEXT["extending.md"]))


@pytest.mark.parametrize("session", sorted(SESSIONS))
def test_each_session_says_in_a_sentence_what_it_is_for(session):
    functions = {node.name: node for node in ast.parse(NOXFILE).body if isinstance(node, ast.FunctionDef)}
    said = ast.get_docstring(functions[session.replace("-", "_")])
    assert said.endswith(".")
    assert len(said.splitlines()) == 1
