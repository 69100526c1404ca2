"""Read and check the configuration: `[tool.bench]` of pyproject.toml or a file of the user's own.

A contender is a row of data. Text in `{braces}` of arguments and environment is filled per trial:
`{database_url}` (a plain `sqlite:///` or `postgresql://` URL), `{project}` (the folder of the
configuration file) and `{scratch}` (the trial's own temporary folder).
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from bench.configuration.checks import check, check_contender, check_variant, check_wiring
from bench.configuration.rows import MICRO, ContenderRow, FaultsRow, RevalidateRow, VariantRow, WiringRow, converted
from bench.configuration.toml_text import TomlText
from bench.model import Contender, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A checked configuration; `root` is the folder that relative paths start from."""

    root: Path
    source: Path
    baseline: str
    contenders: tuple[Contender, ...]
    claims: Path | None
    micro: Contender | None
    margin: float
    alpha: float
    timeout_seconds: int
    load_limit: float | None
    factors: tuple[Variant, ...] = ()
    attempts: tuple[Variant, ...] = ()
    wiring: WiringRow | None = None
    faults: FaultsRow | None = None
    revalidate: RevalidateRow = field(default_factory=RevalidateRow)

    @property
    def names(self) -> tuple[str, ...]:
        """List what a claim may speak of: contenders, attempts and factors."""
        return (
            *(contender.id for contender in self.contenders),
            *(variant.id for variant in (*self.attempts, *self.factors)),
        )

    def on(self, dependency_set: str | None) -> Self:
        """Put every contender that has a dependency set on another one; None changes nothing."""
        if dependency_set is None:
            return self
        return replace(
            self,
            contenders=tuple(_on(contender, dependency_set) for contender in self.contenders),
            micro=None if self.micro is None else _on(self.micro, dependency_set),
        )

    @property
    def locks(self) -> Path:
        """Give the folder of the committed dependency sets."""
        return self.root / "locks"

    @property
    def cache(self) -> Path:
        """Give the folder where subject environments are kept between runs."""
        return self.root / ".twinbench" / "environments"

    @property
    def resolutions(self) -> Path:
        """Give the folder where resolved dependency sets are kept for a day without a registry."""
        return self.root / ".twinbench" / "resolutions"


def without_a_file(
    root: Path, contenders: tuple[Contender, ...], *, margin: float, alpha: float, timeout_seconds: int
) -> Config:
    """Return the configuration of contenders that no file declares; the first is the baseline."""
    return Config(
        root=root,
        source=root / "pyproject.toml",
        baseline=contenders[0].id,
        contenders=contenders,
        claims=None,
        micro=None,
        margin=margin,
        alpha=alpha,
        timeout_seconds=timeout_seconds,
        load_limit=None,
    )


def read(path: Path) -> Config:
    """Read the configuration in `path`; raise ConfigurationError naming file, line, key and a hint."""
    source = TomlText.read(path)
    bench = converted(source)
    root = path.parent.resolve()
    contenders = tuple(_contender(name, row) for name, row in bench.contenders.items())
    micro = None if bench.micro is None else _contender(MICRO, bench.micro)
    factors = tuple(_variant(name, row) for name, row in bench.factors.items())
    attempts = tuple(_variant(name, row) for name, row in bench.attempts.items())
    check(source, bench)
    for contender in contenders:
        check_contender(source, contender, root, keys=("contenders", contender.id))
    if micro is not None:
        check_contender(source, micro, root, keys=(MICRO,))
    for table, variants in (("factors", factors), ("attempts", attempts)):
        for variant in variants:
            check_variant(source, variant, contenders, keys=(table, variant.id))
    if bench.wiring is not None:
        check_wiring(source, bench.wiring, contenders)
    return Config(
        root=root,
        source=path.resolve(),
        baseline=bench.baseline,
        contenders=contenders,
        claims=None if bench.claims is None else root / bench.claims,
        micro=micro,
        margin=bench.margin,
        alpha=bench.alpha,
        timeout_seconds=bench.timeout_seconds,
        load_limit=bench.load_limit,
        factors=factors,
        attempts=attempts,
        wiring=bench.wiring,
        faults=bench.faults,
        revalidate=bench.revalidate,
    )


def _on(contender: Contender, dependency_set: str) -> Contender:
    return replace(contender, dependency_set=contender.dependency_set and dependency_set)


def _contender(name: str, row: ContenderRow) -> Contender:
    return Contender(
        id=name,
        title=row.title or name,
        style=row.style,
        record=row.record,
        directory=row.directory,
        pytest_args=row.pytest_args,
        environment=dict(row.environment),
        plugins=row.plugins,
        python=row.python,
        dependency_set=row.dependency_set,
        backends=row.backends,
        twins=row.twins,
        sources=row.sources,
        beside=row.beside,
        compared_from=row.compared_from,
        searched=row.searched,
        inherit=row.inherit,
        before=row.before,
        isolate=row.isolate,
    )


def _variant(name: str, row: VariantRow) -> Variant:
    return Variant(
        id=name,
        title=row.title or name,
        contender=row.contender,
        pytest_args=(*(part for plugin in row.plugins for part in ("-p", plugin)), *row.pytest_args),
        environment=dict(row.environment),
        backends=row.backends,
        tried_from=row.tried_from,
    )
