"""Which files a session leaves in its folder, and sessions in a copy of it."""

import json

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


def test_a_copy_lacks_the_files_that_are_left_out(notes):
    text = "import pathlib\ndef test_it(): print('there', sorted(map(str, pathlib.Path().glob('*.db'))))"
    files = {"a.db": "", "b.db": "", "test_it.py": text}
    found = notes(files, "twinbench_tree", arguments=("-s",), TWINBENCH_COPY_WITHOUT=json.dumps(["a.db"]))
    assert any("there ['b.db']" in line for line in found["printed"])
