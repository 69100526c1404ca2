"""Which files a session leaves in its folder, and sessions in a copy of it."""

import json
import os

from tests.flakiness.conftest import PROBE

SUITE = {
    "data.json": "{}",
    "old.txt": "",
    "sub/test_it.py": """\
        import os, pathlib
        def test_it():
            pathlib.Path("state.db").write_text("x")
            pathlib.Path("data.json").write_text("[1]")
            os.remove("old.txt")
            print("ran in", os.getcwd())
        """,
}


def test_files_that_appear_change_and_go_are_noted(notes):
    assert notes(SUITE, "twinbench_tree")["tree"] == [["+", "state.db"], ["-", "old.txt"], ["~", "data.json"]]


def test_a_session_that_leaves_nothing_notes_nothing(notes):
    assert "tree" not in notes({"test_it.py": "def test_it(): pass"}, "twinbench_tree")


def test_a_copy_keeps_the_folder_as_it_was(notes, tmp_path):
    found = notes(SUITE, "twinbench_tree", arguments=("-s",), TWINBENCH_COPY_WITHOUT="[]")
    assert any(f"ran in {tmp_path}/scratch/copy-" in line for line in found["printed"])
    assert (tmp_path / "suite" / "old.txt").exists()
    assert not (tmp_path / "suite" / "state.db").exists()


def test_a_copy_finds_what_is_beside_the_folder_and_its_modules_in_the_copy(notes, tmp_path):
    files = {
        "src/inner.py": "",
        "../outer/outer.py": "",
        "test_it.py": "import inner, outer\ndef test_it(): print('from', inner.__file__, outer.__file__)",
    }
    probe = os.path.relpath(PROBE, tmp_path / "suite")
    path = os.pathsep.join(["src", "../outer", probe])
    found = notes(files, "twinbench_tree", arguments=("-s",), TWINBENCH_COPY_WITHOUT="[]", PYTHONPATH=path)
    (line,) = [line for line in found["printed"] if "from" in line]
    assert f"{tmp_path}/scratch/copy-" in line.split()[-2]
    assert line.split()[-1] == str(tmp_path / "outer" / "outer.py")


def test_a_copy_lacks_the_files_that_are_left_out(notes):
    text = "import pathlib\ndef test_it(): print('there', sorted(map(str, pathlib.Path().glob('*.db'))))"
    files = {"a.db": "", "b.db": "", "test_it.py": text}
    found = notes(files, "twinbench_tree", arguments=("-s",), TWINBENCH_COPY_WITHOUT=json.dumps(["a.db"]))
    assert any("there ['b.db']" in line for line in found["printed"])
