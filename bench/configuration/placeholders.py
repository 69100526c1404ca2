"""The placeholders of configured arguments and environments, such as `{scratch}` or `{database_url:asyncpg}`.

A placeholder is a name in single braces. `{{name}}` is the text `{name}`; all other braces are themselves, so
that JSON stays JSON.
"""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bench.errors import ConfigurationError

NAME = r"([A-Za-z_]\w*)(?::([\w,]+))?"
PLACEHOLDER = re.compile(rf"\{{\{{{NAME}\}}\}}|\{{{NAME}\}}")
URL = "database_url"
PARTS = ("database_host", "database_port", "database_name", "database_user", "database_password")
NAMES = ("project", "scratch", URL, *PARTS)
DRIVERS: Mapping[str, tuple[str, ...]] = {
    "postgresql": ("asyncpg", "psycopg", "psycopg_async", "psycopg2", "psycopg2cffi", "pg8000"),
    "sqlite": ("aiosqlite", "pysqlite", "pysqlcipher"),
}
DEFAULT_PORT = 5432


def fill(template: str, *, project: str, scratch: str, database_url: str | None) -> str:
    """Replace every known placeholder once; what is unknown stays, because `check` has refused it in time.

    Without a database its placeholders are empty.
    """
    url = database_url or ""
    known = {"project": project, "scratch": scratch, **_parts(urlsplit(url))}

    def text(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[0][1:-1]
        if match[3] == URL:
            return _with_driver(url, match[4])
        return match[0] if match[4] else known.get(match[3], match[0])

    return PLACEHOLDER.sub(text, template)


def escape(text: str) -> str:
    """Protect a text that is not a template, such as a test's id: `fill(escape(text)) == text`."""
    return re.sub(rf"\{{{NAME}\}}", lambda match: f"{{{match[0]}}}", text)


def asks_for_a_database(template: str) -> bool:
    """Tell whether a template has a placeholder that only a database fills."""
    return any(match[3] in (URL, *PARTS) for match in PLACEHOLDER.finditer(template))


def check(template: str, *, where: str, backends: tuple[str, ...] = ()) -> None:
    """Raise ConfigurationError for a placeholder that no trial can fill; `where` names the setting.

    With `backends`, a driver has to be named for each of them: `{database_url:asyncpg,aiosqlite}`.
    """
    for match in PLACEHOLDER.finditer(template):
        name, drivers = match[3], match[4]
        if match[1] is None:
            _check_name(match[0], name, drivers, where=where)
            _check_drivers(match[0], drivers, where=where, backends=backends)


def _check_name(placeholder: str, name: str, drivers: str | None, *, where: str) -> None:
    if name not in NAMES or (drivers and name != URL):
        known = ", ".join(f"{{{each}}}" for each in NAMES)
        raise ConfigurationError(
            f"{where} has the unknown placeholder {placeholder}",
            cause=f"a trial can fill in {known}; only {{{URL}}} takes drivers, as {{{URL}:asyncpg}}",
            hint=f"write {{{placeholder}}} where the text {placeholder} itself is meant",
        )


def _check_drivers(placeholder: str, drivers: str | None, *, where: str, backends: tuple[str, ...]) -> None:
    named = drivers.split(",") if drivers else []
    unserved = [backend for backend in backends if named and not _driver(backend, named) and backend in DRIVERS]
    unknown = [driver for driver in named if not any(driver in known for known in DRIVERS.values())]
    if unserved or unknown:
        known = "; ".join(f"{backend}: {', '.join(names)}" for backend, names in DRIVERS.items())
        cause = f"{unknown[0]!r} is no driver that is known" if unknown else f"none of them is for {unserved[0]}"
        raise ConfigurationError(
            f"{where} names drivers in {placeholder} that do not fit",
            cause=f"{cause} ({known})",
            hint=f"name one for each backend, as {{{URL}:asyncpg,aiosqlite}}, or limit the contender's backends",
        )


def _driver(backend: str, named: list[str]) -> str | None:
    return next((driver for driver in named if driver in DRIVERS.get(backend, ())), None)


def _with_driver(url: str, drivers: str | None) -> str:
    # Not put together again from its parts: `urlunsplit` loses two of the four slashes of an absolute SQLite path.
    scheme, colon, rest = url.partition(":")
    driver = _driver(scheme, drivers.split(",")) if drivers else None
    return f"{scheme}{f'+{driver}' if driver else ''}{colon}{rest}"


def _parts(url: SplitResult) -> Mapping[str, str]:
    """Split a database's URL; a socket's folder and port may be parameters. A SQLite database is its file's name."""
    if url.scheme == "sqlite":
        return dict.fromkeys(PARTS, "") | {"database_name": url.path[1:]}
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    return {
        "database_host": unquote(url.hostname or asked.get("host", "")),
        "database_port": str(url.port or asked.get("port", DEFAULT_PORT if url.scheme else "")),
        "database_name": unquote(url.path.lstrip("/")),
        "database_user": unquote(url.username or ""),
        "database_password": unquote(url.password or ""),
    }
