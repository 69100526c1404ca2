"""Laws of proving who began a consent, and of what providers may tell us."""

import pytest
from pydantic import ValidationError

from app.auth.models import Role
from app.auth.permissions import PERMISSIONS, Permission
from app.providers.consents import challenge
from app.providers.schemas import RemoteAccount, RemotePage

ACCOUNT = {"id": "a-1", "name": "Salary", "kind": "checking", "currency": "EUR", "balance_minor": 1}


def test_challenge_is_that_of_rfc_7636() -> None:
    # Appendix B of the RFC.
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("external_id", ["../admin", "a?x=1", ""])
def test_remote_account_cannot_steer_our_requests(external_id: str) -> None:
    with pytest.raises(ValidationError, match="id"):
        RemoteAccount(**{**ACCOUNT, "id": external_id})


def test_remote_page_cannot_make_us_fetch_forever() -> None:
    with pytest.raises(ValidationError, match="pages"):
        RemotePage(pages=10**6, transactions=())


def test_every_role_is_worth_at_least_the_one_below() -> None:
    assert PERMISSIONS[Role.CUSTOMER] < PERMISSIONS[Role.SUPPORT] < PERMISSIONS[Role.ADMIN] == set(Permission)
