"""A run is a folder with a manifest that is written before the first trial."""

import json

import pytest

from bench.errors import RunError, StorageError
from bench.storage import run_folder


@pytest.fixture
def create(tmp_path, make_manifest):
    return lambda name: run_folder.create(tmp_path, make_manifest(run_id=name))


def test_a_new_run_has_its_manifest(create, make_manifest):
    assert create("a").read_manifest() == make_manifest(run_id="a")


def test_a_manifest_starts_with_its_schema(create):
    assert (create("a").path / "manifest.json").read_bytes().startswith(b'{\n "schema": "manifest/2"')


def test_a_manifest_read_back_has_the_hash_of_its_plan(create):
    manifest = create("a").read_manifest()
    assert manifest.plan.hash == manifest.plan_hash


def test_a_run_is_never_written_twice(create):
    create("a")
    with pytest.raises(RunError, match="exists already"):
        create("a")


def test_latest_leads_to_the_newest_run(create, tmp_path):
    create("a")
    create("b")
    assert (tmp_path / "latest").resolve() == (tmp_path / "b").resolve()


def test_runs_are_listed_oldest_first_and_without_latest(create, tmp_path):
    create("20260102")
    create("20260101")
    (tmp_path / "no run").mkdir()
    assert run_folder.listing(tmp_path) == ["20260101", "20260102"]


@pytest.mark.parametrize("name", [None, "latest", "b", "reports/b", "reports/latest/"])
def test_the_newest_run_is_found_by_many_names(create, tmp_path, name):
    create("a")
    create("b")
    assert run_folder.find(tmp_path, name).path.name == "b"


@pytest.mark.parametrize("name", ["c", "..", "", "a/manifest.json"])
def test_an_unknown_run_is_refused_with_those_that_are_known(create, tmp_path, name):
    create("a")
    with pytest.raises(RunError, match="there is no run") as caught:
        run_folder.find(tmp_path, name)
    assert "holds a" in caught.value.cause


def test_no_run_yet_is_refused_with_the_command_that_makes_one(tmp_path):
    with pytest.raises(RunError, match="there is no run yet") as caught:
        run_folder.find(tmp_path / "reports", None)
    assert "nox -s bench" in caught.value.hint


def test_a_status_changes_and_nothing_else(create, make_manifest):
    folder = create("a")
    folder.set_status("interrupted")
    assert folder.read_manifest() == make_manifest(run_id="a", status="interrupted")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"schema": "manifest/0"}', b'{"schema": "manifest/2"}']
)
def test_a_manifest_of_another_version_is_refused(create, content):
    folder = create("a")
    (folder.path / "manifest.json").write_bytes(content)
    with pytest.raises(RunError, match="no readable manifest"):
        folder.read_manifest()


def test_a_manifest_with_an_unknown_field_of_a_later_version_can_be_read(create):
    folder = create("a")
    path = folder.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"later": 1}), encoding="utf-8")
    assert folder.read_manifest().run_id == "a"


def test_reports_in_a_place_that_cannot_be_written_are_a_storage_error(tmp_path, make_manifest):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError):
        run_folder.create(tmp_path / "file", make_manifest())
