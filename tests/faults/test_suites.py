"""However a suite ends, its trial is a line of the journal that says so."""

import signal

import pytest

from bench.errors import DependencySetError
from bench.model import Outcome
from bench.storage import journal
from tests.faults.conftest import has_ended

HANGING_TASK = """\
    import asyncio

    async def waits_for_ever():
        await asyncio.Event().wait()

    def test_fails_before():
        assert "the first failure" == ""

    def deep(left):
        deep(left - 1) if left else asyncio.run(waits_for_ever())

    def test_hangs():
        deep(40)  # however long the stack of the thread, that of the task comes after it
"""


def outcomes(trial):
    return {test.id.partition("::")[2]: test.outcome for test in trial.tests}


def readable(trial):
    return journal.decode([journal.encode(trial).rstrip(b"\n")], source="a test") == (trial,)


def test_a_suite_that_passes_is_timed_in_all_its_phases(run_suite):
    trial = run_suite({"test_a.py": "import time\ndef test_a(): time.sleep(0.05)"})
    assert trial.outcome is Outcome.PASSED
    assert trial.message == ""
    assert trial.exit_code == 0
    phases = (trial.phases.startup_ns, trial.phases.collection_ns, trial.phases.exit_ns)
    assert all(phase > 0 for phase in phases)
    assert trial.phases.call_ns >= 50_000_000
    assert sum(phases) + trial.phases.call_ns < trial.wall_ns
    assert trial.cpu_ns > 0
    assert trial.peak_rss_bytes > 2**20


def test_every_kind_of_test_outcome_has_its_name(run_suite):
    trial = run_suite(
        {
            "test_a.py": """\
            import pytest

            @pytest.fixture
            def broken():
                raise ValueError

            @pytest.fixture
            def broken_at_the_end():
                yield
                raise ValueError

            def test_passes(): pass
            def test_fails(): assert False
            def test_skips(): pytest.skip()
            def test_breaks(broken): pass
            def test_breaks_at_the_end(broken_at_the_end): pass
            @pytest.mark.xfail
            def test_expected_to_fail(): assert False
            @pytest.mark.xfail
            def test_unexpectedly_passes(): pass
            """
        }
    )
    assert outcomes(trial) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_skips": "skipped",
        "test_breaks": "error",
        "test_breaks_at_the_end": "error",
        "test_expected_to_fail": "xfailed",
        "test_unexpectedly_passes": "xpassed",
    }


def test_a_suite_with_a_failing_test_failed_and_says_why(run_suite):
    trial = run_suite({"test_a.py": "def test_a(): assert 1 == 2"})
    assert trial.outcome is Outcome.FAILED
    assert "test_a.py::test_a" in trial.message
    assert "assert 1 == 2" in trial.message


def test_a_failing_subtest_fails_its_test_and_is_not_timed_twice(run_suite):
    trial = run_suite(
        {
            "test_a.py": """\
            import time, unittest

            class Test(unittest.TestCase):
                def test_a(self):
                    for number in range(3):
                        with self.subTest(number=number):
                            time.sleep(0.05)
                            self.assertNotEqual(number, 1)
            """
        }
    )
    assert outcomes(trial) == {"Test::test_a": "failed"}
    assert 150_000_000 <= trial.tests[0].call_ns < 290_000_000


def test_a_suite_that_cannot_be_collected_says_which_file(run_suite):
    trial = run_suite({"test_a.py": "import nowhere_to_be_found", "test_b.py": "def test_b(): pass"})
    assert trial.outcome is Outcome.COLLECTION_ERROR
    assert "nowhere_to_be_found" in trial.message


@pytest.mark.parametrize("arguments", [("nowhere",), ("--no-such-option",)])
def test_a_command_that_pytest_refuses_is_a_usage_error(run_suite, arguments):
    trial = run_suite({}, pytest_args=arguments)
    assert trial.outcome is Outcome.USAGE_ERROR
    assert arguments[0] in trial.message


def test_a_suite_without_tests_has_no_tests(run_suite):
    assert run_suite({"test_a.py": ""}).outcome is Outcome.NO_TESTS


def test_collecting_without_running_is_no_pass(run_suite):
    trial = run_suite({"test_a.py": "def test_a(): pass"}, pytest_args=("--collect-only", "."))
    assert trial.outcome is Outcome.NO_TESTS


@pytest.mark.parametrize("gone", [{"interpreter": "/no/such/python"}, {"directory": "nowhere"}])
def test_an_interpreter_or_a_folder_that_is_gone_stops_the_campaign_with_a_sentence(run_suite, gone):
    with pytest.raises(DependencySetError, match="cannot be started") as caught:
        run_suite({"test_a.py": "def test_a(): pass"}, **gone)
    assert "--resume" in caught.value.hint


def test_a_plugin_that_is_not_there_is_told(run_suite):
    trial = run_suite({}, plugins=("no_such_plugin",))
    assert trial.outcome is not Outcome.PASSED
    assert "no_such_plugin" in trial.message


def test_a_folder_of_a_missing_interpreter_does_not_hide_why(run_suite):
    trial = run_suite({"conftest.py": "raise RuntimeError('the conftest is broken')"})
    assert trial.outcome is not Outcome.PASSED
    assert "the conftest is broken" in trial.message


@pytest.mark.parametrize("code", [0, 1, 4, 5])
def test_a_suite_that_leaves_with_os_exit_crashed_in_its_last_test(run_suite, code):
    trial = run_suite({"test_a.py": f"import os\ndef test_a(): pass\ndef test_leaves(): os._exit({code})"})
    assert trial.outcome is Outcome.CRASHED
    assert trial.exit_code == code
    assert "was running: test_a.py::test_leaves" in trial.message
    assert outcomes(trial) == {"test_a": "passed"}


def test_a_failure_cannot_be_hidden_by_an_exit_code(run_suite):
    files = {
        "conftest.py": "import os\ndef pytest_unconfigure(): os._exit(0)",
        "test_a.py": "def test_a(): assert False",
    }
    trial = run_suite(files)
    assert trial.exit_code == 0
    assert trial.outcome is Outcome.FAILED


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_suite_killed_by_a_signal_says_which_and_where(run_suite, number):
    trial = run_suite({"test_a.py": f"import os\ndef test_dies(): os.kill(os.getpid(), {int(number)})"})
    assert trial.outcome is Outcome.KILLED
    assert trial.signal == number
    assert trial.exit_code is None
    assert "test_a.py::test_dies" in trial.message


def test_a_suite_that_hangs_in_a_task_is_killed_and_shows_the_task(run_suite):
    trial = run_suite({"test_a.py": HANGING_TASK}, timeout_seconds=3)
    assert trial.outcome is Outcome.HUNG
    assert "was running: test_a.py::test_hangs" in trial.message
    assert "in waits_for_ever" in trial.message
    assert "Current thread" in trial.message
    assert 3 <= trial.wall_ns / 1e9 < 8


def test_a_suite_that_hangs_in_a_thread_shows_the_thread(run_suite):
    source = """\
    import threading

    def waits_for_ever():
        threading.Event().wait()

    def test_hangs():
        thread = threading.Thread(target=waits_for_ever)
        thread.start()
        thread.join()
    """
    trial = run_suite({"test_a.py": source}, timeout_seconds=2)
    assert trial.outcome is Outcome.HUNG
    assert "in waits_for_ever" in trial.message


def test_a_suite_that_hangs_at_its_exit_shows_where(run_suite):
    source = """\
    import threading

    def never_ends():
        threading.Event().wait()

    def test_passes():
        threading.Thread(target=never_ends, daemon=False).start()
    """
    trial = run_suite({"test_a.py": source}, timeout_seconds=2)
    assert trial.outcome is Outcome.HUNG
    assert "in never_ends" in trial.message
    assert outcomes(trial) == {"test_passes": "passed"}


def test_a_suite_that_hangs_before_the_probe_is_there_is_killed(run_suite):
    files = {"sitecustomize.py": "import time\ntime.sleep(60)"}
    trial = run_suite(files, timeout_seconds=1, environment={"PYTHONPATH": "{project}"})
    assert trial.outcome is Outcome.HUNG
    assert trial.phases.startup_ns is None


def test_a_suite_that_ignores_every_signal_is_killed(run_suite):
    source = """\
    import signal, time

    def test_hangs():
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1)
    """
    assert run_suite({"test_a.py": source}, timeout_seconds=1).outcome is Outcome.HUNG


def test_a_process_that_a_suite_left_behind_is_ended_with_its_trial(run_suite, tmp_path):
    source = """\
    import pathlib, subprocess, sys

    def test_leaves_a_process():
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        pathlib.Path("pid").write_text(str(child.pid))
        child.returncode = 0
    """
    assert run_suite({"test_a.py": source}).outcome is Outcome.PASSED
    assert has_ended(int((tmp_path / "pid").read_text(encoding="utf-8")))


HOSTILE = [
    "quote\"'",
    "back\\slash",
    "new\nline",
    "carriage\rreturn",
    "nul\x00",
    "escape\x1b[2J",
    "\u202eleft-to-right",
    "<script>alert(1)</script>",
    "\U0001f41b",
    "\udc80surrogate",
    "{scratch}",
    "very long " + "x" * 5000,
]


@pytest.mark.parametrize("escaping", ["false", "true"])
def test_hostile_names_and_messages_go_through_the_journal_unharmed(run_suite, escaping):
    source = f"""\
    import pytest

    @pytest.mark.parametrize("name", {HOSTILE!r}, ids={HOSTILE!r})
    def test_hostile(name):
        raise ValueError(name)
    """
    setting = f"disable_test_id_escaping_and_forfeit_all_rights_to_community_support = {escaping}"
    trial = run_suite({"test_a.py": source, "pytest.ini": f"[pytest]\n{setting}\n"})
    assert trial.outcome is Outcome.FAILED
    assert len(trial.tests) == len(HOSTILE)
    assert readable(trial)


def test_output_that_is_not_text_is_shown_as_escapes(run_suite):
    source = "import os\ndef test_a():\n    os.write(1, b'\\xff\\xfe bytes')\n    os._exit(3)"
    trial = run_suite({"test_a.py": source}, pytest_args=("-s", "."))
    assert "\\xff\\xfe bytes" in trial.message
    assert readable(trial)


def test_a_flood_of_output_is_kept_only_at_its_end(run_suite):
    source = "import os\ndef test_a():\n    print('x' * 10**6)\n    print('the end', flush=True)\n    os._exit(3)"
    trial = run_suite({"test_a.py": source}, pytest_args=("-s", "."))
    assert trial.message.endswith("the end")
    assert len(trial.message) < 10_000


def test_warnings_as_errors_do_not_see_the_probe(run_suite):
    files = {"pytest.ini": "[pytest]\nfilterwarnings = error\n", "test_a.py": "def test_a(): pass"}
    assert run_suite(files).outcome is Outcome.PASSED
    assert run_suite(files, environment={"PYTHONWARNINGS": "error"}, pytest_args=("-q", ".")).message == ""


def test_a_suite_that_replaces_clock_and_files_is_still_told(run_suite):
    source = """\
    import os, time

    def test_replaces(monkeypatch):
        monkeypatch.setattr(time, "monotonic_ns", lambda: 0)
        monkeypatch.setattr(os, "write", lambda *_: 0)
        assert False
    """
    trial = run_suite({"test_a.py": source})
    assert outcomes(trial) == {"test_replaces": "failed"}
    assert "assert False" in trial.message


def test_only_a_whitelisted_environment_reaches_a_suite(run_suite, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_USER", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    source = "import os\ndef test_a(): assert 'SECRET_OF_THE_USER' not in os.environ"
    assert run_suite({"test_a.py": source}).outcome is Outcome.PASSED


def test_a_suite_gets_its_own_temporary_folder_and_it_is_gone_afterwards(run_suite, tmp_path):
    source = """\
    import pathlib, tempfile

    def test_a():
        pathlib.Path("place").write_text(tempfile.gettempdir())
        tempfile.mkdtemp()
    """
    run_suite({"test_a.py": source})
    place = (tmp_path / "place").read_text(encoding="utf-8")
    assert "twinbench-" in place
    assert not (tmp_path / place).exists()


def test_text_in_braces_is_filled_once(run_suite):
    source = "import os\ndef test_a(): assert os.environ['A'] == os.getcwd() + ' {unknown} {}'"
    assert run_suite({"test_a.py": source}, environment={"A": "{project} {unknown} {}"}).outcome is Outcome.PASSED


def test_requests_are_counted_by_route_and_status(run_suite):
    source = """\
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    app = Starlette(routes=[Route("/users/{id}", lambda request: PlainTextResponse("ok"))])

    def test_a():
        with TestClient(app) as client:
            client.get("/users/1")
            client.get("/users/2")
            client.get("/nowhere")
    """
    trial = run_suite({"test_a.py": source})
    assert sum(trial.facts["requests"].values()) == 3
    assert trial.facts["requests"]["GET /nowhere 404"] == 1


def test_a_suite_without_an_application_has_no_requests(run_suite):
    assert run_suite({"test_a.py": "def test_a(): pass"}).facts["requests"] == {}


def test_warnings_that_the_suite_lets_pass_are_told_where_work_is_counted(run_suite):
    suite = """\
        import warnings

        def test_a():
            for _ in range(3):
                warnings.warn("old", DeprecationWarning)
    """
    (warning,) = run_suite({"test_a.py": suite}).facts["warnings"]
    assert (warning["category"], warning["message"]) == ("DeprecationWarning", "old")
    assert warning["path"].endswith("test_a.py")
