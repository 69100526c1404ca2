"""Whatever stops the harness: finished trials are kept, none is repeated, nothing is left running."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bench.errors import StorageError
from bench.model import Outcome
from bench.storage import run_folder
from bench.storage.journal import Journal
from tests.conftest import FakeExecutor, run_campaign
from tests.faults.conftest import wait_until
from tests.faults.tiny_harness import TRIALS_OF_ONE_CONTENDER

WHOLE_RUN = ("--profile", "tiny", "--seed", "11")


@pytest.fixture
def started(project):
    """A harness that has finished this many trials and is busy with the next one."""

    def started(*, trials=2, hanging=False, backends=("none",)):
        marker = project.folder / "busy"
        begin = f"import pathlib, time\ndef test_a():\n    pathlib.Path({str(marker)!r}).touch()\n"
        files = {"one/test_a.py": begin + f"    time.sleep({60 if hanging else 0.05})"}
        project.configure(files, one={"directory": "one", "backends": list(backends)})
        harness = project.start("run", *WHOLE_RUN)
        ready = marker.exists if hanging else lambda: len(project.lines()) >= trials
        assert wait_until(lambda: ready() or harness.code is not None, seconds=60)
        assert harness.code is None, harness.err
        return harness

    return started


def expected_keys(project, tmp_path):
    """Give the keys of an uninterrupted run of the same plan, measured by a fake."""
    plan = run_folder.RunFolder(project.newest()).read_manifest().plan
    return [trial.key for trial in run_campaign(plan, FakeExecutor(), tmp_path / "uninterrupted" / "trials.jsonl")]


@pytest.mark.slow
def test_a_request_to_terminate_is_an_interruption(started, project):
    harness = started(hanging=True)
    harness.signal(signal.SIGTERM)
    assert harness.wait(60) == 130
    assert project.manifest()["status"] == "interrupted"
    assert f"--resume {project.newest().name}" in harness.err
    assert wait_until(lambda: not project.leftovers())


@pytest.mark.slow
def test_an_interrupted_run_is_kept_reported_and_resumed(started, project, tmp_path):
    harness = started()
    harness.signal(signal.SIGINT)
    assert harness.wait(60) == 130
    kept = project.lines()
    assert 2 <= len(kept) < TRIALS_OF_ONE_CONTENDER
    assert project.manifest()["status"] == "interrupted"
    assert (project.newest() / "report.html").exists()
    assert wait_until(lambda: not project.leftovers())

    resumed = project.run("run", "--resume")
    assert resumed.code in (0, 5), resumed.err
    assert project.lines()[: len(kept)] == kept
    assert project.keys() == expected_keys(project, tmp_path)
    assert len(project.keys()) == TRIALS_OF_ONE_CONTENDER
    assert project.manifest()["status"] == "complete"


@pytest.mark.slow
def test_a_run_stopped_in_a_hanging_trial_does_not_wait_for_it(started, project):
    harness = started(hanging=True)
    harness.signal(signal.SIGINT)
    assert harness.wait(30) == 130
    assert project.lines() == []
    assert wait_until(lambda: not project.leftovers())


@pytest.mark.slow
def test_a_killed_harness_loses_no_finished_trial_and_repeats_none(started, project, tmp_path):
    harness = started(trials=1)
    harness.kill()
    kept = project.lines()
    assert wait_until(lambda: not project.leftovers()), "the keeper ends what the harness started"

    resumed = project.run("run", "--resume", project.newest().name)
    assert resumed.code in (0, 5), resumed.err
    assert project.lines()[: len(kept)] == kept
    assert project.keys() == expected_keys(project, tmp_path)


@pytest.mark.slow
def test_a_harness_killed_again_and_again_comes_to_the_same_end(started, project, tmp_path):
    started(trials=3).kill()
    for trials, moment in ((5, 0.05), (7, 0.15), (9, 0.3)):
        harness = project.start("run", "--resume")
        assert wait_until(lambda trials=trials: len(project.lines()) >= trials, seconds=60)
        time.sleep(moment)
        harness.kill()
    project.run("run", "--resume")
    assert project.keys() == expected_keys(project, tmp_path)
    assert wait_until(lambda: not project.leftovers())


@pytest.mark.slow
def test_a_killed_harness_leaves_no_trial_and_no_folder_behind(started, project):
    temporary = project.folder / "temporary"
    temporary.mkdir()
    project.environment["TMPDIR"] = str(temporary)
    harness = started(hanging=True)
    assert list(temporary.glob("twinbench-*"))
    harness.kill()
    assert wait_until(lambda: not project.leftovers())
    assert wait_until(lambda: not list(temporary.iterdir()))


@pytest.mark.slow
def test_a_killed_harness_leaves_no_server_behind(started, project):
    harness = started(hanging=True, backends=("postgresql",))
    servers = postgres_of(project)
    assert servers
    harness.kill()
    assert wait_until(lambda: not project.leftovers())
    assert wait_until(lambda: not any(Path(folder).exists() for folder in servers))


def postgres_of(project):
    """List the data folders of the servers that the project's keeper started."""
    words = [process.cmdline() for process in project.leftovers()]
    return [command[command.index("-D") + 1] for command in words if "postgres" in command[0] and "-D" in command]


@pytest.mark.slow
def test_a_second_harness_on_the_same_run_is_refused(started, project):
    harness = started(hanging=True)
    second = project.run("run", "--resume", "--json")
    assert second.code == 2
    assert "is being written by another process" in second.err
    harness.signal(signal.SIGINT)
    assert harness.wait(30) == 130


@pytest.fixture
def finished(project, bench):
    """A run of one trial, as files."""
    project.configure({"one/test_a.py": "def test_a(): pass"}, one={"directory": "one"})
    bench("run", "--profile", "smoke", "--seed", "11", "--budget", "1s")
    return project.newest()


def test_a_resumed_run_keeps_its_plan(finished, bench):
    said = bench("run", "--resume", "--seed", "12")
    assert said.code == 2
    assert "--seed cannot be changed for a run that was begun" in said.err


def test_a_run_whose_plan_was_edited_is_not_resumed(finished, bench):
    path = finished / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"margin": 0.05', b'"margin": 0.5'))
    said = bench("run", "--resume")
    assert said.code == 2
    assert "was changed after it was begun" in said.err


def test_a_run_is_not_resumed_with_other_packages(finished, bench):
    path = finished / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"pytest": "', b'"pytest": "0.'))
    said = bench("run", "--resume")
    assert said.code == 2
    assert "was measured with another dependency set 'own (one)'" in said.err


def test_a_run_is_not_resumed_with_another_python(finished, bench):
    path = finished / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"python": "3.', b'"python": "2.'))
    assert bench("run", "--resume").code == 2


def test_a_run_is_not_resumed_with_another_lock(project, bench, uv):
    lock = project.folder / "locks" / "current.txt"
    lock.parent.mkdir()
    lock.write_text("pytest==9.0.0 --hash=sha256:00\n", encoding="utf-8")
    project.configure({"one/test_a.py": "def test_a(): pass"}, one={"directory": "one", "dependency_set": "current"})
    bench("run", "--profile", "smoke", "--budget", "1s")
    assert bench("run", "--resume").code != 2
    lock.write_text(lock.read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
    said = bench("run", "--resume")
    assert said.code == 2
    assert "was measured with another dependency set 'current'" in said.err


def test_a_refused_resumption_changes_nothing(finished, bench):
    path = finished / "manifest.json"
    changed = path.read_bytes().replace(b'"pytest": "', b'"pytest": "0.')
    path.write_bytes(changed)
    before = (finished / "trials.jsonl").read_bytes()
    bench("run", "--resume")
    assert path.read_bytes() == changed
    assert (finished / "trials.jsonl").read_bytes() == before


@pytest.mark.parametrize("lost", [1, 50])
def test_a_torn_last_line_is_measured_again(finished, bench, project, lost):
    path = finished / "trials.jsonl"
    keys = project.keys()
    path.write_bytes(path.read_bytes()[:-lost])
    said = bench("run", "--resume")
    assert "the last line of the journal was cut off" in said.err
    assert project.keys() == keys


def test_a_report_of_a_torn_journal_says_so(finished, bench):
    path = finished / "trials.jsonl"
    path.write_bytes(path.read_bytes() + b'{"schema": "trial/1", "ke')
    assert "cut off" in bench("report").out


def test_a_damaged_journal_is_refused_with_its_line(finished, bench):
    path = finished / "trials.jsonl"
    path.write_bytes(b"damaged\n" + path.read_bytes())
    said = bench("report")
    assert said.code == 2
    assert "trials.jsonl, line 1 is not a trial" in said.err


def test_a_journal_of_an_older_version_is_refused(finished, bench):
    path = finished / "trials.jsonl"
    path.write_bytes(path.read_bytes().replace(b"trial/2", b"trial/0"))
    said = bench("report")
    assert said.code == 2
    assert "this version reads 'trial/2'" in said.err


def test_a_run_that_was_interrupted_before_its_first_trial_can_be_reported(finished, bench):
    (finished / "trials.jsonl").unlink()
    assert bench("report", "--json").document["decision"] == "undetermined"


def test_a_failed_trial_is_not_run_again_on_resumption(project, bench):
    project.configure({"one/test_a.py": "def test_a(): assert False"}, one={"directory": "one"})
    bench("run", "--profile", "smoke", "--seed", "11", "--budget", "1s")
    before = project.lines()
    bench("run", "--resume")
    assert project.lines() == before
    with Journal(project.newest() / "trials.jsonl") as journal:
        assert journal.trials[0].outcome is Outcome.FAILED


@pytest.mark.slow
def test_a_disk_that_takes_no_more_stops_the_run_and_keeps_what_there_is(started, project, tmp_path):
    harness = started(trials=1)
    harness.signal(signal.SIGINT)
    harness.wait()
    sizes = [(project.newest() / name).stat().st_size for name in ("manifest.json", "trials.jsonl")]
    stopped = project.run("run", "--resume", "--json", largest_file=max(sizes) + 500)
    kept = project.lines()
    assert stopped.code == 1
    assert json.loads(stopped.out)["error"].endswith("trials.jsonl")
    assert "--resume" in json.loads(stopped.out)["hint"]
    assert project.manifest()["status"] == "interrupted"
    assert wait_until(lambda: not project.leftovers())
    project.run("run", "--resume")
    assert project.lines()[: len(kept)] == kept
    assert project.keys() == expected_keys(project, tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 KiB; only root can mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_stops_a_campaign_and_leaves_its_journal_readable(small_disk, make_plan, make_executor):
    path = small_disk / "trials.jsonl"
    executor = make_executor()
    with pytest.raises(StorageError) as caught:
        run_campaign(make_plan(looks=(200,)), executor, path)
    assert caught.value.cause == "No space left on device"
    with Journal(path) as journal:
        assert len(journal.trials) == len(executor.asked) - 1
        assert journal.notice is None
