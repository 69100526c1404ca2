"""The whole command on tiny suites of somebody else: real uv, real environments, an upgrade that breaks."""

import json
import signal
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest

from bench import cli
from bench.configuration import config
from bench.dependency_sets import Resolver, choose
from bench.errors import ExitCode
from tests.faults.conftest import Project, wait_until, write_files
from tests.revalidate.wheels import wheel

GREETING = "def greet(name):\n    return f'hello {name}'\n"
DEPRECATED = f"import warnings\n\n{GREETING}".replace(
    "    return", "    warnings.warn('greet() goes away', DeprecationWarning)\n    return"
)
SUITE = "from greeter import greet\n\ndef test_greets():\n    assert greet('you') == 'hello you'\n"
STRICT = "[pytest]\nfilterwarnings = error\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two contenders on a lock `old`; wheels of `greeter` are all there is, pytest is this environment's own."""
    site = Path(sysconfig.get_paths()["purelib"])
    wheel(tmp_path / "wheels", "pytest", version("pytest"), {"ours.pth": f"{site}\n"})
    wheel(tmp_path / "wheels", "greeter", "1.0", {"greeter/__init__.py": GREETING})
    suites = {f"{name}/{file}": text for name in ("one", "two") for file, text in (("test_it.py", SUITE),)}
    groups = '[dependency-groups]\nsubject = ["pytest", "greeter"]\n'
    write_files(tmp_path, {"uv.toml": 'no-index = true\nfind-links = ["wheels"]\n', "pyproject.toml": groups})
    made = Project(tmp_path)
    rows = {name: {"directory": name, "dependency_set": "old", "pytest_args": ["-q", "."]} for name in ("one", "two")}
    made.configure(suites, **rows)
    yield made
    made.end()


@pytest.fixture
def release(project):
    """Publish another version of `greeter`: `release("2.0", source)`."""

    def release(number, source, *, requires=()):
        wheel(project.folder / "wheels", "greeter", number, {"greeter/__init__.py": source}, requires=requires)

    return release


@pytest.fixture
def revalidate(project, capsys):
    """Re-validate in this process from the lock of today; gives exit code, what was printed and verdict.json."""

    def revalidate(*arguments):
        code = cli.main(project.arguments("revalidate", "--profile", "smoke", "--budget", "2s", *arguments))
        said = capsys.readouterr()
        written = sorted(project.reports.glob("2*/verdict.json"))
        return code, said.out + said.err, json.loads(written[-1].read_bytes()) if written else None

    return revalidate


@pytest.fixture
def locked(project):
    """Lock what is newest now as the set `old`."""

    def locked():
        found = config.read(project.folder / "bench.toml")
        resolve = Resolver(root=found.root, cache=found.resolutions, notify=print)
        write_files(project.folder, {"locks/old.txt": choose("latest", config=found, resolve=resolve).text})

    return locked


def test_the_same_packages_are_nothing_to_re_validate(locked, revalidate, project):
    locked()
    code, said, _ = revalidate("--from", "old")
    assert code == ExitCode.JUDGED
    assert "latest holds the same packages as old: there is nothing to re-validate" in said
    assert not list(project.reports.glob("2*"))


def test_a_harmless_upgrade_is_measured_under_both_sets_and_kept(locked, release, revalidate, project):
    locked()
    release("1.1", GREETING)
    code, said, verdict = revalidate("--from", "old")
    assert code == ExitCode.UNDETERMINED, said  # there is no claim that could decide
    assert "  greeter: 1.0 -> 1.1" in said
    assert verdict["revalidation"]["packages"] == [{"name": "greeter", "before": "1.0", "after": "1.1"}]
    assert verdict["revalidation"]["problems"] == []
    sets = {json.loads(line)["spec"]["cell"]["dependency_set"] for line in project.lines()}
    assert sets == {"old", "latest"}
    run = project.newest()
    assert {path.name for path in (run / "locks").iterdir()} == {"old.txt", "latest.txt"}
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "Claims before and after" in page or "The upgrade" in page
    assert str(project.folder) not in (run / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "settings", "stage", "line"),
    [
        ("def meet(): ...\n", "", "does not import", "ImportError: cannot import name 'greet' from 'greeter'"),
        (GREETING.replace("hello", "hi"), "", "test fails", "AssertionError: assert 'hi you' == 'hello you'"),
        (DEPRECATED, STRICT, "warning turned error", "DeprecationWarning: greet() goes away"),
        (DEPRECATED, "", "deprecation", "DeprecationWarning: greet() goes away"),
    ],
)
def test_an_upgrade_that_breaks_the_suites_is_a_finding_with_its_package(
    locked, release, revalidate, project, source, settings, stage, line
):
    locked()
    write_files(project.folder, {f"{name}/pytest.ini": settings or "[pytest]\n" for name in ("one", "two")})
    release("2.0", source)
    code, said, verdict = revalidate("--from", "old")
    assert len(verdict["revalidation"]["problems"]) == 1, said
    (problem,) = verdict["revalidation"]["problems"]
    assert (problem["stage"], problem["package"]) == (stage, "greeter")
    assert problem["line"].startswith(line)
    assert verdict["revalidation"]["needs_attention"]
    assert code == ExitCode.UNDETERMINED
    assert line in said


def test_a_set_that_does_not_resolve_is_a_finding_and_the_other_one_is_measured(locked, revalidate, project):
    locked()
    groups = '[dependency-groups]\nsubject = ["pytest", "greeter", "nowhere"]\n'
    write_files(project.folder, {"pyproject.toml": groups})
    code, _, verdict = revalidate("--from", "old")
    (problem,) = verdict["revalidation"]["problems"]
    assert problem["stage"] == "does not resolve"
    assert "nowhere was not found" in problem["line"]
    assert code == ExitCode.UNDETERMINED
    assert {json.loads(line)["spec"]["cell"]["dependency_set"] for line in project.lines()} == {"old"}


def test_a_set_that_does_not_install_is_a_finding(locked, revalidate, project):
    locked()
    pins = (project.folder / "locks/old.txt").read_text(encoding="utf-8").replace("greeter==1.0", "greeter==9.0")
    write_files(project.folder, {"withdrawn.txt": pins})
    code, _, verdict = revalidate("--from", "old", "--to", str(project.folder / "withdrawn.txt"))
    (problem,) = verdict["revalidation"]["problems"]
    assert problem["stage"] == "does not install"
    assert code == ExitCode.UNDETERMINED


def test_to_and_upgrade_exclude_each_other(locked, revalidate):
    locked()
    code, said, _ = revalidate("--from", "old", "--to", "latest", "--upgrade", "greeter")
    assert code == ExitCode.USAGE
    assert "--to and --upgrade cannot be given together" in said


@pytest.mark.parametrize("profile", ["factors", "flakiness"])
def test_a_profile_that_compares_nobody_is_refused(locked, release, revalidate, profile):
    locked()
    release("1.1", GREETING)
    code, said, _ = revalidate("--from", "old", "--profile", profile)
    assert code == ExitCode.USAGE
    assert f"the profile '{profile}' is not for a re-validation" in said


def test_contenders_with_interpreters_of_their_own_cannot_be_re_validated(locked, release, revalidate, project):
    locked()
    release("1.1", GREETING)
    project.configure({}, one={"directory": "one"}, two={"directory": "two", "dependency_set": "old"})
    assert "the contender 'one' cannot be re-validated" in revalidate("--from", "old", "--contender", "one")[1]
    assert "unknown contender: three" in revalidate("--from", "old", "--contender", "three")[1]
    project.configure({}, one={"directory": "one"})
    code, said, _ = revalidate("--from", "old")
    assert code == ExitCode.USAGE
    assert "no contender can be re-validated" in said


def test_an_interrupted_re_validation_resumes_with_the_sets_it_began_with(locked, release, project):
    locked()
    release("1.1", GREETING)
    begun = project.start("revalidate", "--from", "old", "--profile", "tiny", "--seed", "3")
    assert wait_until(lambda: len(project.lines()) >= 6, seconds=60), begun.err
    begun.signal(signal.SIGTERM)
    assert begun.wait() == ExitCode.INTERRUPTED
    assert "nox -s revalidate -- --resume" in begun.err
    kept = project.keys()
    release("1.2", GREETING)  # newer than what the run began with
    resumed = project.run("revalidate", "--resume")
    # Without a claim a settled comparison is an answer, and three blocks may settle one or not.
    assert resumed.code in (ExitCode.JUDGED, ExitCode.UNDETERMINED), resumed.err
    assert project.keys()[: len(kept)] == kept
    assert len(project.keys()) == len(set(project.keys())) == 4 + 3 * 10
    assert project.manifest()["dependency_sets"]["latest"]["packages"]["greeter"] == "1.1"
    history = (project.reports / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(history) == 1


def test_a_bench_cannot_be_continued_as_a_re_validation(locked, release, revalidate, project, capsys):
    locked()
    release("1.1", GREETING)
    revalidate("--from", "old")
    code = cli.main(project.arguments("run", "--resume"))
    assert code == ExitCode.USAGE
    assert "nox -s revalidate -- --resume" in capsys.readouterr().err
