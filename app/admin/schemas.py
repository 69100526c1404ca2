"""Define what the administration endpoints take and give."""

from app.auth.models import Role
from app.auth.schemas import UserOut
from app.pagination import PageQuery
from app.schemas import Input


class UserFilter(PageQuery):
    """Choose among all people."""

    role: Role | None = None
    is_active: bool | None = None


class RoleChange(Input):
    """Give a person another role."""

    role: Role


class ManagedUserOut(UserOut):
    """Show a person to staff."""

    is_active: bool
