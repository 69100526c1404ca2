"""What several threads may do at once."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench.running import environments

LOCK = "pytest==9.0.0 --hash=sha256:0\n"


def test_two_threads_that_ask_for_one_dependency_set_build_it_once(monkeypatch, tmp_path):
    builds = []

    def install(text, folder, python, name):
        folder.mkdir(parents=True)
        builds.append(folder)
        time.sleep(0.2)

    def inspect(python, *, name):
        return {"python": "3.11.0", "packages": {}}

    monkeypatch.setattr(environments, "_install", install)
    monkeypatch.setattr(environments, "_inspect", inspect)
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: environments.install("set", LOCK, cache=tmp_path, notify=str), range(2)))
    assert len(builds) == 1
    assert found[0] == found[1]
