"""From what the user calls a dependency set to its pins."""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from bench.configuration.config import Config
from bench.dependency_sets.group import name_of, parsed, requirements
from bench.dependency_sets.locked import LockedSet, is_locked
from bench.dependency_sets.resolution import Resolver
from bench.errors import ConfigurationError
from bench.running.environments import lock_text

RESOLVED = ("latest", "lowest", "next")
COMMENT = re.compile(r"(?:^|\s)#.*$|\s+--hash\S*|\\$", flags=re.MULTILINE)


def choose(name: str, *, config: Config, resolve: Resolver, base: LockedSet | None = None) -> LockedSet:
    """Give the dependency set called `name`.

    That is a committed lock; `latest`, the newest releases; `lowest`, the declared floors; `next`, with pre-releases
    of the declared packages only; or the path of a file. A file of hashed pins is taken as it is, any other is a list
    of constraints, and what it leaves open stays as in `base`.
    Raises ConfigurationError for an unknown name, UnresolvableError where there is no solution.
    """
    path = Path(name)
    if name in RESOLVED:
        return LockedSet(name=name, text=_resolved(name, config, resolve))
    if path.is_file():
        return _of_file(path, config, resolve, base)
    if (config.locks / f"{name}.txt").is_file():
        return LockedSet(name=name, text=lock_text(config.locks, name))
    committed = sorted(lock.stem for lock in config.locks.glob("*.txt"))
    raise ConfigurationError(
        f"there is no dependency set {name!r}",
        cause=f"known are {', '.join((*committed, *RESOLVED))}, and the path of a file",
        hint="name one of them, or give a constraints file that exists",
    )


def upgraded(base: LockedSet, packages: Sequence[str], *, config: Config, resolve: Resolver) -> LockedSet:
    """Give `base` with these packages ("fastapi" or "fastapi==0.120") upgraded, and the rest as it was if possible.

    Raises ConfigurationError for a package that is neither in the base nor asked for by the subject.
    """
    wanted = requirements(config.root, config.revalidate.group)
    names = [name_of(package) for package in packages]
    known = {*base.versions, *map(name_of, wanted)}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            raise ConfigurationError(
                f"the dependency set {base.name!r} has no package {name!r}",
                cause=f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(base.versions)}",
                hint="--upgrade PACKAGE or --upgrade PACKAGE==VERSION, of a package that the suites use",
            )
    label = "+".join((base.name, *(re.sub(r"[^\w.]+", "-", package) for package in packages)))
    asked = [each for each in wanted if name_of(each) in {*base.versions, *names}]
    newest = LockedSet(name=label, text=resolve([*asked, *packages], name=f"{label}-newest")).versions
    # Named by version: with versions to keep in sight, uv would upgrade a package only as far as the others allow.
    exact = [f"{name}=={newest.get(name, base.versions.get(name, ''))}" for name in names]
    arguments = [part for package in exact for part in ("--upgrade-package", package)]
    return LockedSet(name=label, text=resolve([*asked, *exact], name=label, arguments=arguments, preferences=base.text))


def _resolved(name: str, config: Config, resolve: Resolver) -> str:
    row = config.revalidate
    wanted = requirements(config.root, row.group)
    match name:
        case "lowest":
            floors = "\n".join(row.floors) + "\n"
            old = requirements(config.root, row.lowest_group or row.group)
            return resolve(old, name=name, arguments=("--resolution", "lowest-direct"), constraints=floors)
        case "next":
            named = [part for package in row.prereleases for part in ("--prerelease-package", f"{package}=allow")]
            return resolve(wanted, name=name, arguments=("--prerelease", "disallow", *named))
        case _:
            return resolve(wanted, name=name)


def _of_file(path: Path, config: Config, resolve: Resolver, base: LockedSet | None) -> LockedSet:
    name = re.sub(r"[^\w.]+", "-", path.stem)
    name = f"{name}-file" if base is not None and name == base.name else name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot read the constraints {path}", cause=str(error), hint="give a text file, a constraint a line"
        ) from error
    if is_locked(text):
        return LockedSet(name=name, text=text)
    for line in filter(None, map(str.strip, COMMENT.sub("", text).splitlines())):
        parsed(line)
    preferences = "" if base is None else base.text
    wanted = requirements(config.root, config.revalidate.group)
    kept = [asked for asked in wanted if base is None or name_of(asked) in base.versions]
    return LockedSet(name=name, text=resolve(kept, name=name, constraints=text, preferences=preferences))
