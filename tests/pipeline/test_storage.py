"""A file is there whole or not at all."""

import errno
import os

import pytest

from bench.errors import StorageError
from bench.storage.files import json_bytes, storage_errors, write_atomically


def test_json_starts_with_its_schema_and_sorts_its_keys():
    assert json_bytes("x/1", {"b": 1, "a": {"d": 1, "c": 2}}, indent=None) == (
        b'{"schema": "x/1", "a": {"c": 2, "d": 1}, "b": 1}\n'
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_json_never_holds_what_is_not_a_number(number):
    with pytest.raises(ValueError, match="JSON"):
        json_bytes("x/1", {"a": number})


def test_a_file_is_replaced_in_one_step(tmp_path):
    path = tmp_path / "new folder" / "file"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(StorageError):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("number", "hint"), [(errno.ENOSPC, "free some space"), (errno.EDQUOT, "free some space"), (errno.EACCES, "yours")]
)
def test_what_a_disk_refuses_is_told_with_the_path_and_what_to_do(tmp_path, number, hint):
    with pytest.raises(StorageError, match=str(tmp_path)) as caught, storage_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert hint in caught.value.hint
    assert caught.value.cause == os.strerror(number)
