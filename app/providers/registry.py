"""List the institutions this service can connect to."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Describe one institution."""

    slug: str
    name: str
    country: str
    scopes: tuple[str, ...]
    base_url: str


_PROVIDERS = (
    Provider(
        slug="harbour",
        base_url="https://api.harbour.example",
        name="Harbour Savings",
        country="IE",
        scopes=("accounts",),
    ),
    Provider(
        slug="meridian",
        base_url="https://api.meridian.example",
        name="Meridian Brokerage",
        country="NL",
        scopes=("accounts", "holdings"),
    ),
    Provider(
        slug="northbank",
        base_url="https://api.northbank.example",
        name="Northbank",
        country="SE",
        scopes=("accounts", "transactions"),
    ),
)

PROVIDERS: Mapping[str, Provider] = MappingProxyType({provider.slug: provider for provider in _PROVIDERS})
