"""What the subject asks for: a dependency group of the project's pyproject.toml (PEP 735)."""

import tomllib
from pathlib import Path

from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bench.errors import ConfigurationError


def requirements(root: Path, group: str) -> tuple[str, ...]:
    """List the requirements of a group, included groups too; raise ConfigurationError if there is no such group."""
    source = root / "pyproject.toml"
    try:
        groups = tomllib.loads(source.read_text(encoding="utf-8"))["dependency-groups"]
        return tuple(resolve_dependency_groups(groups, group))
    except (OSError, ValueError, LookupError, ExceptionGroup) as error:
        raise ConfigurationError(
            f"there is nothing to resolve: no dependency group {group!r}",
            cause=f"{source.name}: {type(error).__name__}: {error}",
            hint="list what the suites need under [dependency-groups], and name it as revalidate.group",
        ) from error


def parsed(requirement: str) -> Requirement:
    """Parse a requirement; raise ConfigurationError for one that is none."""
    try:
        return Requirement(requirement)
    except InvalidRequirement as error:
        raise ConfigurationError(
            f"{requirement!r} is no requirement", cause=str(error), hint="write PACKAGE or PACKAGE==VERSION"
        ) from error


def name_of(requirement: str) -> str:
    """Give the normalised name of the package that a requirement is about."""
    return canonicalize_name(parsed(requirement).name)
