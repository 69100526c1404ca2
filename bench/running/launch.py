"""What a trial starts: the command, its folder and its whole environment."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from bench.configuration import placeholders
from bench.model import Contender, TrialSpec
from bench.running.keeper import CAMPAIGN_VARIABLE

BENCH = Path(__file__).parents[1]
PROBE = BENCH / "probe"
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PATHEXT", "COMSPEC")
OURS = "TWINBENCH_"
# Linux takes at most 128 KiB for one argument or variable, and 2 MiB or less for all of them together.
LONGEST_TEXT = 32 * 1024
LONGEST_COMMAND = 512 * 1024
LATE_ARGUMENTS = (
    "import json, runpy, sys\n"
    "with open(sys.argv[1]) as file: sys.argv[1:] = json.load(file)\n"
    "runpy.run_module('pytest', run_name='__main__', alter_sys=True)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A command with the folder it runs in and its whole environment."""

    command: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a trial runs: the configuration's folder, its scratch folder, its database and its campaign.

    `directory` is the copy of the contender's folder that it runs in, None where it runs in the folder itself.
    """

    root: Path
    scratch: Path
    database_url: str | None
    token: str
    directory: Path | None = None

    @property
    def events(self) -> Path:
        """The file that the probe writes."""
        return self.scratch / "probe.jsonl"

    @property
    def forks(self) -> Path:
        """The file that forked children of the suite write."""
        return self.scratch / "probe.jsonl.forks"

    @property
    def stacks(self) -> Path:
        """The file into which a hanging process writes its stacks."""
        return self.scratch / "probe.jsonl.stacks"

    @property
    def result(self) -> Path:
        """The file that a script writes."""
        return self.scratch / "result.json"

    def fill(self, template: str) -> str:
        """Replace the placeholders of a configured text."""
        return placeholders.fill(
            template, project=str(self.root), scratch=str(self.scratch), database_url=self.database_url
        )


def launch(spec: TrialSpec, contender: Contender, *, python: Path, place: Place) -> Launch:
    """Join contender and specification to what the operating system starts; long texts go to files in the scratch."""
    directory = place.directory or place.root / contender.directory
    arguments = tuple(map(place.fill, spec.arguments))
    own = {name: place.fill(text) for name, text in {**contender.environment, **spec.environment}.items()}
    inherited = _inherited(contender)
    shared = {"TMPDIR": str(place.scratch), "PYTHONHASHSEED": str(spec.hash_seed), CAMPAIGN_VARIABLE: place.token}
    if spec.script:
        command = (str(python), str(BENCH / spec.script), *arguments)
        ours = _script_environment(own, directory, place)
    else:
        command = _pytest_command(python, contender, arguments, place)
        ours = _suite_environment(spec, contender, own, place)
    return Launch(
        command=command,
        directory=directory,
        environment=_shortened(inherited | own | shared | ours, place.scratch),
    )


def before(contender: Contender, *, python: Path, place: Place) -> Launch | None:
    """Return the command that the contender wants run before a trial, None without one.

    It finds the programs of the contender's interpreter first.
    """
    if not contender.before:
        return None
    own = {name: place.fill(text) for name, text in contender.environment.items()}
    inherited = _inherited(contender)
    folders = [str(python.parent), inherited.get("PATH", os.defpath)]
    return Launch(
        command=tuple(map(place.fill, shlex.split(contender.before))),
        directory=place.directory or place.root / contender.directory,
        environment=inherited
        | {"PATH": os.pathsep.join(folders), "TMPDIR": str(place.scratch), CAMPAIGN_VARIABLE: place.token}
        | own,
    )


def _inherited(contender: Contender) -> dict[str, str]:
    wanted = (*INHERITED, *contender.inherit)
    return {name: text for name, text in os.environ.items() if any(fnmatchcase(name, each) for each in wanted)}


def _script_environment(own: Mapping[str, str], directory: Path, place: Place) -> dict[str, str]:
    """Give a script the contender's folder to import from, as `python -m pytest` does for a suite."""
    database = {} if place.database_url is None else {"DATABASE_URL": place.database_url}
    return {
        **{name: url for name, url in database.items() if name not in own},
        "PYTHONPATH": os.pathsep.join(filter(None, [str(directory), own.get("PYTHONPATH", "")])),
        "TWINBENCH_RESULT": str(place.result),
    }


def _suite_environment(spec: TrialSpec, contender: Contender, own: Mapping[str, str], place: Place) -> dict[str, str]:
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROBE), own.get("PYTHONPATH", "")])),
        "TWINBENCH_OUT": str(place.events),
        "TWINBENCH_PADDING": "x" * spec.padding_bytes,
    }
    if spec.counting:
        environment["TWINBENCH_COUNT"] = "1"
    if contender.plugins is not None:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return environment


def _pytest_command(python: Path, contender: Contender, more: tuple[str, ...], place: Place) -> tuple[str, ...]:
    arguments = (
        *("-p", "twinbench_probe", "-o", f"cache_dir={place.scratch / 'cache'}"),
        *(part for plugin in contender.plugins or () for part in ("-p", plugin)),
        *map(place.fill, contender.pytest_args),
        *more,
    )
    if sum(map(len, arguments)) <= LONGEST_COMMAND and max(map(len, arguments)) <= LONGEST_TEXT:
        return (str(python), "-m", "pytest", *arguments)
    late = place.scratch / "arguments.json"
    late.write_text(json.dumps(arguments), encoding="ascii")
    return (str(python), "-c", LATE_ARGUMENTS, str(late))


def _shortened(environment: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Put long texts for our plugins into files: the variable then holds `@` and the file's path."""
    return {
        name: _filed(text, scratch / name) if name.startswith(OURS) and len(text) > LONGEST_TEXT else text
        for name, text in environment.items()
    }


def _filed(text: str, path: Path) -> str:
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return f"@{path}"
