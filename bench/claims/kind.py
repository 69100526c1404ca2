"""A kind of claim: what it says, which keys it needs, and who weighs it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bench.claims.claim import Claim

Weigher = Callable[[Claim, str, Any], Any]
"""Claim, backend and findings in, `Weighed` out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of claim, declared by the experiment that can weigh it.

    `weigher` is "module:function" and imported when it is first needed. `needs` and `uses` are keys beyond those of
    every claim, `metrics` the metrics it knows, () where it takes none. `is_timing` withdraws it where the timings of
    a backend are not fit; one that `is_tested` rests on a test and is corrected together with all such that decide on
    its backend; `compares` says that it compares a subject with an alternative. With `about_contenders`
    its subject and rival must be contenders (or variants) of the configuration; where it `rests_on_passing`, a suite
    that never passed cannot be held against the record.
    """

    name: str
    says: str
    weigher: str
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    is_timing: bool = False
    is_tested: bool = False
    compares: bool = False
    about_contenders: bool = True
    rests_on_passing: bool = True

    def weigh(self, claim: Claim, backend: str, findings: Any) -> Any:
        """Weigh a claim of this kind on one backend."""
        module, _, function = self.weigher.partition(":")
        weigher: Weigher = getattr(import_module(module), function)
        return weigher(claim, backend, findings)
