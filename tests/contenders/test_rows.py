"""The contenders of this project are rows of data, and so is everything that varies them."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.campaign import planning
from bench.claims import file as claims_file
from bench.configuration import config
from bench.paired.equal_work import are_twins
from tests.made_up import cells_of, next_block

ROOT = Path(__file__).parents[2]
FOUND = config.read(ROOT / "pyproject.toml")
BOTH = ("sqlite", "postgresql")
ALL = ("sync", "async-function", "async-session", "sync-best", "sync-bridged", "async-anyio", "mixed")
LOCKS = sorted((ROOT / "locks").glob("*.txt"))


def by_id(rows, name):
    return next(row for row in rows if row.id == name)


def test_the_contenders_of_the_record_are_rows():
    assert tuple(row.id for row in FOUND.contenders) == ALL


@pytest.mark.parametrize("row", FOUND.contenders, ids=lambda row: row.id)
def test_a_contender_holds_the_twins_on_both_databases(row):
    assert are_twins(row, FOUND.contenders[0])
    assert row.backends == BOTH


@pytest.mark.parametrize("row", FOUND.contenders, ids=lambda row: row.id)
def test_what_a_contender_names_is_there(row):
    named = [
        *row.sources,
        *(argument for argument in (*row.pytest_args, *row.beside) if argument.startswith("suites/")),
    ]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("row", FOUND.contenders, ids=lambda row: row.id)
def test_only_twins_are_timed(row):
    folders = {Path(argument).name for argument in row.pytest_args if re.match(r"suites/\w+/", argument)}
    assert folders - {"pytest.ini"} == {"unit", "integration", "api"}


def test_the_standard_bench_compares_both_pairs_and_says_whom_it_leaves_out():
    planned = planning.make(FOUND, profile="standard", seed=1)
    assert tuple(row.id for row in planned.frame.contenders) == ALL[:4]
    assert planned.frame.not_compared == ("async-function on PostgreSQL", *ALL[4:])


@pytest.mark.parametrize(
    ("profile", "compared"), [("smoke", ("async-session",)), ("quick", ("async-session", "sync-best"))]
)
def test_a_small_bench_compares_few_and_says_whom_it_leaves_out(profile, compared):
    planned = planning.make(FOUND, profile=profile, seed=1)
    assert tuple(row.id for row in planned.frame.contenders) == ("sync", *compared)
    assert planned.frame.not_compared == tuple(name for name in ALL if name not in ("sync", *compared))


def test_the_standard_bench_copies_the_baseline_on_one_backend_and_the_full_bench_on_both():
    copies = {
        profile: [backend for backend in BOTH if any(cell.copy for cell in cells_of(planned, backend))]
        for profile in ("standard", "full")
        for planned in [planning.make(FOUND, profile=profile, seed=1)]
    }
    assert copies == {"standard": ["sqlite"], "full": ["sqlite", "postgresql"]}


def test_a_contender_measured_alone_has_its_copy_on_every_backend():
    planned = planning.make(FOUND, profile="standard", seed=1, contenders=["sync"])
    assert [[cell.copy for cell in cells_of(planned, backend)] for backend in BOTH] == [[0, 1], [0, 1]]


def test_the_standard_bench_makes_its_attempts_on_one_backend_and_the_full_bench_on_both():
    made = {}
    for profile in ("standard", "full"):
        planned = planning.make(FOUND, profile=profile, seed=1)
        trials = next_block(planned, "attempts", ())
        made[profile] = {spec.cell.backend for spec in trials}
        done = [SimpleNamespace(experiment="attempts", key=spec.key) for spec in trials]
        made[profile] |= {spec.cell.backend for spec in next_block(planned, "attempts", done)}
    assert made == {"standard": {"sqlite"}, "full": {*BOTH}}


def test_the_full_bench_compares_all():
    assert tuple(row.id for row in planning.make(FOUND, profile="full", seed=1).frame.contenders) == ALL


def test_a_named_contender_is_compared_whatever_the_profile():
    planned = planning.make(FOUND, profile="standard", seed=1, contenders=["sync", "mixed"])
    assert tuple(row.id for row in planned.frame.contenders) == ("sync", "mixed")


def test_the_factors_are_declared():
    assert tuple(factor.id for factor in FOUND.factors) == ("client-scope", "overrides", "pool", "loop")


@pytest.mark.parametrize("factor", FOUND.factors, ids=lambda factor: factor.id)
def test_a_factor_changes_something(factor):
    varied = by_id(FOUND.contenders, factor.contender)
    assert {**varied.environment, **factor.environment} != varied.environment or factor.pytest_args


def test_another_dependency_set_replaces_that_of_every_contender():
    assert {row.dependency_set for row in (*FOUND.on("adr").contenders, FOUND.on("adr").micro)} == {"adr"}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_committed_dependency_set_names_no_registry(path):
    assert "://" not in path.read_text(encoding="utf-8")


def test_the_records_dependency_set_is_that_of_its_day():
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "locks/adr.txt").read_text(encoding="utf-8"), re.MULTILINE))
    wanted = {"fastapi": "0.119.0", "starlette": "0.48.0", "sqlalchemy": "2.0.44", "pytest": "8.4.2", "httpx": "0.28.1"}
    assert {name: pins[name] for name in wanted} == wanted
    assert "httpx2" not in pins


def test_the_records_dependency_set_has_everything_else_that_suites_need():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    needed = {name.partition("[")[0] for name in groups["subject-without-httpx2"]}
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "locks/adr.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert needed - set(pinned) == set()


def test_a_revalidation_compares_every_contender_of_the_pairs_that_decide():
    claims = claims_file.parse(claims_file.read_text(FOUND.claims), source="claims.toml")
    deciding = [claim for claim in claims if claim.weight == "decides" and claim.pairs]
    assert deciding
    assert all({*claim.names} <= {*FOUND.revalidate.contenders} for claim in deciding)


def test_the_standard_bench_puts_a_dozen_faults_of_all_classes_before_one_suite_of_each_style():
    study = planning.make(FOUND, profile="standard", seed=1).studies["faults"]
    assert len(study.faults) == 12
    assert not any(fault.is_control for fault in study.faults)
    every = planning.make(FOUND, profile="faults", seed=1).studies["faults"]
    assert {fault.kind for fault in study.faults} == {
        fault.kind for fault in every.on("sqlite") if not fault.is_control
    }
    assert [studied.arm.style for studied in study.arms] == ["sync", "async"]
    assert study.backends == ("sqlite",)
    other = planning.make(FOUND, profile="standard", seed=2).studies["faults"]
    assert {fault.id for fault in other.faults} != {fault.id for fault in study.faults}


@pytest.mark.parametrize("profile", ["smoke", "quick", "wiring", "factors", "flakiness"])
def test_other_profiles_study_no_faults(profile):
    assert "faults" not in planning.make(FOUND, profile=profile, seed=1).studies
