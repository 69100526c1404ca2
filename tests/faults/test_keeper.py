"""The keeper outlives the harness by a moment and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psutil
import pytest

from bench.running.keeper import CAMPAIGN_VARIABLE, folder_prefix
from tests.faults.conftest import has_ended, wait_until

SLEEPER = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setsid()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def start_subject():
    """Start a process that carries a token, ignores SIGTERM and has left its process group."""
    subjects = []

    def start_subject(token):
        environment = {**os.environ, CAMPAIGN_VARIABLE: token}
        command = [sys.executable, "-c", SLEEPER]
        subject = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        subjects.append(subject)
        assert subject.stdout.readline() == b"ready\n"
        return subject

    yield start_subject
    for subject in subjects:
        subject.kill()
        subject.wait()
        subject.stdout.close()


def ready(keeper):
    return json.loads(keeper.stdout.readline())


def servers_in(folder):
    """List the data folders below a folder, and the servers that run on them."""
    folders = list(Path(folder).glob("twinbench-pg-*"))
    running = [p for p in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(p.info["cmdline"] or ())]
    return folders + running


def test_a_keeper_without_server_is_ready_at_once(start_keeper):
    assert ready(start_keeper()) == {"postgresql": None}


def test_a_keeper_ends_with_the_pipe(start_keeper):
    keeper = start_keeper()
    ready(keeper)
    keeper.stdin.close()
    assert keeper.wait(20) == 0


def test_a_keeper_ends_what_carries_the_token_wherever_it_has_gone(start_keeper, start_subject, token):
    keeper, subject = start_keeper(), start_subject(token)
    ready(keeper)
    keeper.stdin.close()
    assert has_ended(subject.pid)


def test_a_keeper_leaves_the_processes_of_other_campaigns_alone(start_keeper, start_subject):
    keeper, other = start_keeper(), start_subject(uuid.uuid4().hex)
    ready(keeper)
    keeper.stdin.close()
    keeper.wait(20)
    assert other.poll() is None


def test_a_keeper_deletes_the_folders_of_its_campaign_only(start_keeper, token, tmp_path):
    own, other = tmp_path / f"{folder_prefix(token)}x", tmp_path / f"{folder_prefix(uuid.uuid4().hex)}x"
    own.mkdir()
    other.mkdir()
    keeper = start_keeper(TMPDIR=str(tmp_path))
    ready(keeper)
    keeper.stdin.close()
    keeper.wait(20)
    assert not own.exists()
    assert other.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_keeper_lives_as_long_as_the_pipe_whoever_signals_it(start_keeper, number):
    keeper = start_keeper()
    ready(keeper)
    keeper.send_signal(number)
    time.sleep(0.1)
    assert keeper.poll() is None
    keeper.stdin.close()
    assert keeper.wait(20) == 0


def test_a_keeper_whose_harness_died_before_it_was_ready_ends_too(start_keeper):
    keeper = start_keeper()
    keeper.stdout.close()
    keeper.stdin.close()
    assert keeper.wait(20) == 0


@pytest.fixture
def short_folder():
    """A folder whose path is short enough for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="tk-") as folder:
        Path(folder).chmod(0o755)
        yield folder


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.6, 1.2])
def test_a_keeper_whose_harness_dies_while_its_server_starts_leaves_no_server(start_keeper, short_folder, seconds):
    keeper = start_keeper("postgresql", TMPDIR=short_folder)
    time.sleep(seconds)
    keeper.stdout.close()
    keeper.stdin.close()
    keeper.wait(60)
    assert wait_until(lambda: not servers_in(short_folder))


@pytest.mark.slow
def test_a_server_runs_as_long_as_the_pipe(start_keeper, short_folder):
    keeper = start_keeper("postgresql", TMPDIR=short_folder)
    assert ready(keeper)["postgresql"].startswith("postgresql://")
    assert len(servers_in(short_folder)) >= 2
    keeper.stdin.close()
    keeper.wait(60)
    assert servers_in(short_folder) == []


def test_a_server_that_cannot_be_started_is_told_in_a_sentence(start_keeper, short_folder):
    keeper = start_keeper("postgresql", TMPDIR=short_folder, PGSERVER_POSTGRES_VERSION="7")
    assert "Unsupported Postgres version" in ready(keeper)["error"]
    assert keeper.wait(20) == 1
    assert servers_in(short_folder) == []
