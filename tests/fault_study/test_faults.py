"""A fault is a row that is refused with a sentence, and a change of a copy: the user's files are only ever read."""

import sys
from pathlib import Path

import pytest

from bench.errors import ConfigurationError
from bench.experiments.faults import patching, verification
from bench.experiments.faults.fault import CLASS_TITLES, Layer
from bench.experiments.faults.patching import MovedError
from bench.experiments.faults.reading import read_faults
from bench.experiments.faults.witnessing import Sight, WitnessRun, prove, witness_source
from bench.running.databases import Databases

OWN = read_faults(Path(__file__).parents[2] / "faults")
SHOP = read_faults(Path(__file__).parent / "shop")
ROW = """class = "one-request"
[[faults]]
id = "late"
title = "Late"
file = "shop.py"
anchor = "quantity >= 10"
replacement = "quantity > 10"
witness = "w.py::w"
prediction = { all = "twins" }
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.py").write_text(SHOP.application.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "set.toml").write_text('title = "shop"\napplication = "shop.py"\n', encoding="utf-8")
    (tmp_path / "rows.toml").write_text(ROW, encoding="utf-8")
    return tmp_path


def test_our_application_has_enough_faults_of_every_kind_and_controls():
    assert len(OWN.bugs) >= 48
    assert len(OWN.controls) >= 4
    assert {fault.kind for fault in OWN.faults} == set(CLASS_TITLES)
    assert any(fault.wild for fault in OWN.bugs)


def test_every_change_still_fits_our_application():
    assert patching.moved(OWN.application, OWN.faults) == {}


def test_every_witness_of_ours_is_there():
    assert [fault.id for fault in OWN.faults if not witness_source(OWN, fault)] == []


SPOILT = {
    "unknown key": ("title =", "titel =", "'titel' is no key"),
    "bad id": ('"late"', '"Late Fault"', "small letters, digits and dashes"),
    "nothing changes": ("quantity > 10", "quantity >= 10", "nothing changes"),
    "outside": ('"shop.py"\nanchor', '"../shop.py"\nanchor', "lies outside the application"),
    "unknown layer": ('"twins"', '"units"', "a prediction names no layer"),
    "no prediction": ("prediction = { all", "why = { all", "nobody predicted who sees it"),
    "unknown backend": ('witness = "w.py::w"', 'witness = "w.py::w"\nbackends = ["mysql"]', "backends are not known"),
    "twice": ("[[faults]]", ROW.partition("\n")[2] + "[[faults]]", "two faults have the name 'late'"),
    "no TOML": ("class =", "class", "cannot be read"),
}


@pytest.mark.parametrize(("old", "new", "error"), SPOILT.values(), ids=SPOILT)
def test_a_wrong_row_is_refused_with_a_sentence(folder, old, new, error):
    (folder / "rows.toml").write_text(ROW.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=error) as refused:
        read_faults(folder)
    assert refused.value.hint


def test_an_application_that_is_not_there_is_said(folder):
    (folder / "shop.py").unlink()
    with pytest.raises(ConfigurationError, match="is not there"):
        read_faults(folder)


def test_a_fault_changes_a_copy_and_never_the_users_file(folder, tmp_path):
    before = (folder / "shop.py").read_bytes()
    (fault,) = read_faults(folder).faults
    target = patching.faulty_copy(folder / "shop.py", fault, tmp_path / "copy")
    assert "quantity > 10" in (target / "shop.py").read_text("utf-8")
    assert (folder / "shop.py").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [("def price(): pass\n", "is not there any more"), ("quantity >= 10\nquantity >= 10\n", "occurs 2 times")],
)
def test_code_that_moved_is_a_reason_and_nothing_is_copied(folder, tmp_path, text, why):
    (fault,) = read_faults(folder).faults
    (folder / "shop.py").write_text(text, encoding="utf-8")
    with pytest.raises(MovedError, match=why):
        patching.faulty_copy(folder / "shop.py", fault, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert why in patching.moved(folder / "shop.py", (fault,))["late"]


def test_a_change_that_is_no_python_is_a_reason(folder):
    (folder / "rows.toml").write_text(ROW.replace('"quantity > 10"', '"quantity >"'), encoding="utf-8")
    (fault,) = read_faults(folder).faults
    assert "is no Python" in patching.moved(folder / "shop.py", (fault,))["late"]


def test_the_lines_of_a_change_are_those_that_can_meet_it():
    assert patching.changed_lines("a\nb\nc\n", "a\nB\nc\n") == (2,)
    assert patching.changed_lines("a\nb\n", "a\nx\nb\n") == (1, 2)
    assert patching.changed_lines("a\nb\n", "a\n") == (2,)


def seen(sight, message="", fault="late"):
    return WitnessRun(witness="w", backend="none", fault=fault, sight=sight, message=message)


@pytest.mark.parametrize(
    ("clean", "faulty", "valid", "reason"),
    [
        (Sight.PASSED, Sight.FAILED, True, ""),
        (Sight.PASSED, Sight.PASSED, False, "its witness shows no damage"),
        (Sight.PASSED, Sight.ERROR, False, "its witness shows no damage"),
        (Sight.PASSED, Sight.TIMED_OUT, False, "its witness shows no damage"),
        (Sight.FAILED, Sight.FAILED, False, "does not pass on the clean application"),
        (Sight.TIMED_OUT, Sight.FAILED, False, "does not pass on the clean application"),
    ],
)
def test_a_fault_counts_only_if_its_witness_shows_the_damage_and_nothing_else(clean, faulty, valid, reason):
    proof = prove(SHOP.fault("discount-comes-late"), "none", clean=seen(clean), faulty=seen(faulty, "10 off"))
    assert (proof.is_valid, reason in proof.reason) == (valid, True)


def test_a_control_must_show_no_damage():
    control = SHOP.fault("control-product-turned-round")
    assert prove(control, "none", clean=seen(Sight.PASSED), faulty=seen(Sight.PASSED)).is_valid
    assert (
        "a control shows damage" in prove(control, "none", clean=seen(Sight.PASSED), faulty=seen(Sight.FAILED)).reason
    )


def test_a_change_that_could_not_be_made_is_left_out_with_its_reason():
    proof = prove(SHOP.fault("discount-comes-late"), "none", clean=seen(Sight.PASSED), faulty="the anchor moved")
    assert (proof.is_valid, proof.reason) == (False, "the anchor moved")


def test_a_control_is_predicted_to_be_seen_by_nobody():
    assert SHOP.fault("control-product-turned-round").prediction("sync") is Layer.NOBODY


@pytest.mark.slow
def test_faults_of_an_application_that_is_not_ours_are_proved_by_its_witness():
    with Databases(backends=("none",)) as databases:
        proofs = list(
            verification.verify(SHOP, SHOP.faults, python=Path(sys.executable), backends=["none"], databases=databases)
        )
    assert {proof.fault: proof.is_valid for proof in proofs} == {fault.id: True for fault in SHOP.faults}
    assert "ten pieces of 20 cost 200" in next(p.damage for p in proofs if p.fault == "discount-comes-late")
