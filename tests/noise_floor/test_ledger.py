"""The ledger of A/A checks: one entry per run and backend, never lost, never counted twice."""

import json

import pytest

from bench.storage import noise_floor
from bench.storage.noise_floor import LEDGER, NoiseFloorHistory
from tests.made_up import finding_of, results_of


@pytest.fixture
def compared(make_plan, make_contender, make_executor, measure):
    """Compare a baseline with its copy, `copy` times as slow, over so many blocks and backends."""

    class Copying(type(make_executor())):
        copy: float = 1.0

        def __call__(self, spec):
            self.seconds = {"sync": self.copy if spec.cell.copy else 1.0}
            return super().__call__(spec)

    def compared(*, copy=1.0, backends=("sqlite",), budget=1e9):
        plan = make_plan(make_contender(backends=backends), looks=(8,), backends=backends, budget_seconds=budget)
        executor = Copying()
        executor.copy = copy
        return finding_of(plan, "speed", measure(plan, executor, run=f"{copy}-{backends}-{budget}")).comparisons

    return compared


def entries(reports):
    return [json.loads(line) for line in (reports / LEDGER).read_text().splitlines()]


def counts(reports):
    known = noise_floor.read(reports)
    return known.checks, known.alarms


def test_without_a_ledger_nothing_was_checked(tmp_path):
    assert counts(tmp_path) == (0, 0)


def test_a_run_is_entered_once(tmp_path, compared):
    for _ in range(3):
        noise_floor.append(tmp_path, "run-1", compared())
    assert counts(tmp_path) == (1, 0)


def test_runs_add_up(tmp_path, compared):
    noise_floor.append(tmp_path, "run-1", compared())
    noise_floor.append(tmp_path, "run-2", compared(copy=1.3))
    assert counts(tmp_path) == (2, 1)


def test_each_backend_is_a_check(tmp_path, compared):
    noise_floor.append(tmp_path, "run-1", compared(backends=("sqlite", "postgresql")))
    assert [entry["backend"] for entry in entries(tmp_path)] == ["sqlite", "postgresql"]


def test_only_wall_time_is_a_check(tmp_path, compared):
    noise_floor.append(tmp_path, "run-1", compared())
    assert len(entries(tmp_path)) == 1


def test_a_pair_without_an_interval_is_no_check(tmp_path, compared):
    noise_floor.append(tmp_path, "run-1", compared(copy=1.3, budget=20))
    assert noise_floor.read(tmp_path).checks == 0


def test_a_rival_is_no_check(tmp_path, make_plan, make_executor, measure):
    plan = make_plan(looks=(8,))
    compared = finding_of(plan, "speed", measure(plan, make_executor({"async": 2.0}))).comparisons
    noise_floor.append(tmp_path, "run-1", [each for each in compared if not each.is_noise_floor])
    assert noise_floor.read(tmp_path).checks == 0


def test_an_entry_says_what_was_found(tmp_path, compared):
    noise_floor.append(tmp_path, "run-1", compared(copy=1.3))
    assert entries(tmp_path) == [
        {
            "schema": "noise-floor/1",
            "ratio": pytest.approx(1.3),
            "backend": "sqlite",
            "blocks": 8,
            "contender": "sync",
            "different": True,
            "run": "run-1",
            "verdict": "materially slower",
        }
    ]


DAMAGED = [
    b'{"schema": "noise-fl',
    b"\xff\xfe\x00",
    b"[]",
    b"7",
    b"",
    b'{"schema": "noise-floor/1"}',
    b'{"schema": "noise-floor/1", "run": "run-0"}',
    b'{"schema": "noise-floor/2", "run": "run-0", "different": true}',
]


@pytest.mark.parametrize("line", DAMAGED)
def test_a_damaged_line_is_passed_over(tmp_path, compared, line):
    (tmp_path / LEDGER).write_bytes(line + b"\n")
    noise_floor.append(tmp_path, "run-1", compared())
    assert counts(tmp_path) == (1, 0)


@pytest.mark.parametrize("line", DAMAGED)
def test_a_torn_line_does_not_swallow_the_next(tmp_path, compared, line):
    (tmp_path / LEDGER).write_bytes(line)
    noise_floor.append(tmp_path, "run-1", compared())
    noise_floor.append(tmp_path, "run-2", compared())
    assert noise_floor.read(tmp_path).checks == 2


@pytest.mark.parametrize(
    ("checks", "alarms", "words"),
    [
        (0, 0, "no earlier A/A check"),
        (1, 0, "0 false alarms in 1 earlier A/A check (0.0 to 97.5 %, 95 % interval)"),
        (20, 1, "1 false alarm in 20 earlier A/A checks (0.1 to 24.9 %, 95 % interval)"),
        (59, 0, "0 false alarms in 59 earlier A/A checks (0.0 to 6.1 %, 95 % interval)"),
        (100, 5, "5 false alarms in 100 earlier A/A checks (1.6 to 11.3 %, 95 % interval)"),
    ],
)
def test_words_give_the_rate_with_its_exact_interval(checks, alarms, words):
    assert NoiseFloorHistory(checks=checks, alarms=alarms).words() == words


def test_the_report_shows_what_was_known_when_the_run_began(make_manifest, measure, make_plan):
    history = NoiseFloorHistory(checks=20, alarms=1)
    plan = make_plan()
    found = results_of(make_manifest(plan, noise_floor=history), measure(plan))
    assert found.run.noise_floor_history == history.words()


def test_the_ratios_of_all_checks_are_pooled(tmp_path, compared):
    for number, copy in enumerate((1.01, 1.02, 1.01, 1.02, 1.01, 1.02)):
        noise_floor.append(tmp_path, f"run-{number}", compared(copy=copy))
    known = noise_floor.read(tmp_path)
    assert known.ratios == pytest.approx((1.01, 1.02, 1.01, 1.02, 1.01, 1.02))
    assert "; over 6 checks the copy takes 1.015x the time (" in known.words()


def test_checks_of_before_ratios_were_kept_still_count(tmp_path, compared):
    line = {"schema": "noise-floor/1", "run": "old", "different": False}
    (tmp_path / LEDGER).write_text(json.dumps(line) + "\n", encoding="utf-8")
    noise_floor.append(tmp_path, "run-1", compared())
    assert counts(tmp_path) == (2, 0)
    assert len(noise_floor.read(tmp_path).ratios) == 1
