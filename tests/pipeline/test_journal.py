"""The journal is append-only: whole lines are trials, a torn last line never was one."""

import errno
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.errors import RunError, StorageError
from bench.storage import journal
from bench.storage.journal import Journal

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run" / "trials.jsonl"


@pytest.fixture
def written(path, make_spec, make_trial):
    """Write so many trials and give the bytes of the file."""

    def written(count):
        with Journal(path) as opened:
            [opened.append(make_trial(make_spec(position=number))) for number in range(count)]
        return path.read_bytes()

    return written


@pytest.fixture
def keys(path):
    return lambda: [trial.key for trial in journal.read(path)[0]]


def test_a_trial_read_back_is_the_trial_written(path, make_trial):
    trial = make_trial(message='quotes " \\ and \u202e bidi \x00 control \U0001f41b', facts={"a": [1, None, 2.5]})
    with Journal(path) as opened:
        opened.append(trial)
    assert journal.read(path) == ((trial,), None)


def test_a_trial_is_one_line_whatever_its_names_hold(make_trial):
    assert journal.encode(make_trial(message="a\nb\rc\u2028d\x85e")).count(b"\n") == 1


def test_a_line_starts_with_its_schema(make_trial):
    assert journal.encode(make_trial()).startswith(b'{"schema": "trial/2"')


def test_the_same_trial_gives_the_same_bytes(make_trial):
    assert journal.encode(make_trial()) == journal.encode(make_trial())


def test_what_was_measured_before_is_there_when_a_journal_is_opened_again(path, written):
    written(2)
    with Journal(path) as opened:
        assert len(opened.trials) == 2
        assert opened.notice is None


def test_a_missing_journal_is_empty(path):
    assert journal.read(path) == ((), None)


@pytest.mark.parametrize("lost", [1, 2, 100])
def test_a_torn_last_line_is_dropped_with_a_notice(path, written, keys, lost):
    path.write_bytes(written(3)[:-lost])
    assert keys() == ["speed:sqlite:1:0", "speed:sqlite:1:1"]
    assert "cut off" in journal.read(path)[1]


def test_reading_never_changes_a_torn_journal(path, written):
    torn = written(3)[:-1]
    path.write_bytes(torn)
    journal.read(path)
    assert path.read_bytes() == torn


def test_a_torn_last_line_is_cut_away_before_the_next_trial(path, written, keys, make_spec, make_trial):
    path.write_bytes(written(2)[:-1])
    with Journal(path) as opened:
        assert "cut off" in opened.notice
        opened.append(make_trial(make_spec(position=7)))
    assert keys() == ["speed:sqlite:1:0", "speed:sqlite:1:7"]
    assert path.read_bytes().endswith(b"\n")


def test_a_journal_of_one_torn_line_is_empty(path, written, keys):
    path.write_bytes(written(1)[:-1])
    assert keys() == []


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (b"not json\n", "malformed"),
        (b"\n", "truncated"),
        (b"[]\n", "schema"),
        (b"{}\n", "schema"),
        (b'{"schema": "trial/0"}\n', "'trial/0', this version reads 'trial/2'"),
        (b'{"schema": "trial/2"}\n', "missing required field"),
        (b'{"schema": "trial/2", "key": "\xff"}\n', "utf-8"),
    ],
)
def test_a_damaged_line_in_the_middle_is_refused_with_its_number(path, written, damage, cause):
    first, second, _ = written(2).partition(b"\n")
    path.write_bytes(first + second + damage + first + b"\n")
    with pytest.raises(RunError, match="line 2 is not a trial") as caught:
        journal.read(path)
    assert cause in caught.value.cause
    assert caught.value.hint


OPEN_AND_WAIT = """
import pathlib, sys
from bench.storage.journal import Journal
with Journal(pathlib.Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(path):
    """Another process that has the journal open."""
    command = [sys.executable, "-c", OPEN_AND_WAIT, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"open\n"
        yield process
        process.kill()


def test_two_processes_cannot_write_one_run(path, other_process):
    with pytest.raises(RunError, match="is being written by another process"), Journal(path):
        pass


def test_a_killed_process_does_not_leave_a_journal_locked(path, other_process):
    other_process.kill()
    other_process.wait()
    with Journal(path) as opened:
        assert opened.trials == []


def test_a_closed_journal_can_be_opened_again(path):
    with Journal(path):
        pass
    with Journal(path) as opened:
        assert opened.trials == []


def test_a_damaged_journal_does_not_stay_locked(path, written):
    path.write_bytes(b"damaged\n" + written(1))
    with pytest.raises(RunError, match="not a trial"), Journal(path):
        pass
    path.unlink()
    with Journal(path) as opened:
        assert opened.trials == []


@pytest.fixture
def full_disk(monkeypatch):
    """For the time of a context, let the disk take so many bytes of a write and then be full."""

    @contextmanager
    def full_disk(takes):
        write = os.write

        def refusing(file, content):
            if takes and len(content) > takes:
                return write(file, content[:takes])
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "write", refusing)
            yield

    return full_disk


@pytest.mark.parametrize("takes", [0, 100])
def test_a_full_disk_leaves_the_journal_as_it_was(path, written, make_trial, full_disk, takes):
    before = written(2)
    with Journal(path) as opened, full_disk(takes):
        with pytest.raises(StorageError, match="cannot write") as caught:
            opened.append(make_trial())
        assert len(opened.trials) == 2
    assert "--resume" in caught.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize("takes", [0, 100])
def test_a_journal_goes_on_when_the_disk_has_space_again(path, written, make_trial, full_disk, takes):
    written(2)
    with Journal(path) as opened:
        with full_disk(takes), pytest.raises(StorageError):
            opened.append(make_trial())
        opened.append(make_trial())
    assert len(journal.read(path)[0]) == 3


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot write"), Journal(tmp_path / "file" / "trials.jsonl"):
        pass
