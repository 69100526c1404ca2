"""Answer every error as problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from app.middleware.request_id import HEADER

MEDIA_TYPE = "application/problem+json"

logger = logging.getLogger(__name__)


class ProblemDetails(BaseModel):
    """Describe the body of every error answer."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class Problem(Exception):  # noqa: N818  # RFC 9457 calls it a problem
    """Stop the request and answer with this class's status and type.

    Problem
      BadRequest, Unauthenticated, Forbidden, NotFound, Conflict, TooManyRequests, BadGateway, ServiceUnavailable,
      GatewayTimeout: one per HTTP status; the domain packages derive theirs and choose the type's name.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    name: ClassVar[str] = "internal"
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str, **members: Any) -> None:
        """Say what happened this time; the members are added to the document."""
        super().__init__(detail)
        self.detail = detail
        self.members = members


class BadRequest(Problem):
    """Refuse a request that can never succeed as it is."""

    status = HTTPStatus.BAD_REQUEST
    name = "bad-request"


class Unauthenticated(Problem):
    """Refuse a request without valid credentials."""

    status = HTTPStatus.UNAUTHORIZED
    name = "unauthenticated"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """Refuse a known caller what is not theirs to do."""

    status = HTTPStatus.FORBIDDEN
    name = "forbidden"


class NotFound(Problem):
    """Refuse what does not exist, or must look so to this caller."""

    status = HTTPStatus.NOT_FOUND
    name = "not-found"


class Conflict(Problem):
    """Refuse what contradicts the present state."""

    status = HTTPStatus.CONFLICT
    name = "conflict"


class TooManyRequests(Problem):
    """Refuse a caller who tries too often, and say when to come back."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many-requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        """Say after how many seconds an attempt will be admitted."""
        super().__init__(detail)
        self.headers = {"Retry-After": str(retry_after)}


class BadGateway(Problem):
    """Report that another service gave no usable answer."""

    status = HTTPStatus.BAD_GATEWAY
    name = "bad-gateway"


class ServiceUnavailable(Problem):
    """Report that this service cannot work now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "service-unavailable"


class GatewayTimeout(Problem):
    """Report that another service did not answer in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    name = "gateway-timeout"


def problem_body(
    request: Request, *, status: HTTPStatus, name: str | None, detail: str, members: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the members of a problem document; without a name its type is about:blank."""
    return {
        "type": f"urn:problem:{name}" if name else "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "instance": request.url.path,
        **members,
    }


def problem_response(
    request: Request,
    *,
    status: HTTPStatus,
    name: str | None,
    detail: str,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document as an answer."""
    body = problem_body(request, status=status, name=name, detail=detail, members=members or {})
    return JSONResponse(body, status_code=status.value, headers=dict(headers or {}), media_type=MEDIA_TYPE)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return problem_response(
        request,
        status=error.status,
        name=error.name,
        detail=error.detail,
        members=error.members,
        headers=error.headers,
    )


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return problem_response(request, status=status, name=None, detail=str(error.detail), headers=error.headers)


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The rejected input stays out of the answer: it may be a password.
    errors = [{"pointer": _pointer(item["loc"]), "detail": item["msg"]} for item in error.errors()]
    detail = f"{len(errors)} invalid value{'s' if len(errors) > 1 else ''} in the request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem_response(request, status=status, name="validation", detail=detail, members={"errors": errors})


async def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    logger.error("unhandled %s on %s", type(error).__name__, request.url.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    # Starlette calls this outside all middleware, which therefore cannot add the header.
    headers = {HEADER: request.scope["request_id"]}
    detail = "The server failed to answer."
    return problem_response(request, status=status, name="internal", detail=detail, headers=headers)


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return where a value was, as body#/field or query#/field."""
    source, *path = location
    return f"{source}#/" + "/".join(str(step) for step in path)


def install_problem_handlers(app: FastAPI) -> None:
    """Make the application answer all its errors as problems."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(Exception, _on_unexpected)


def problems(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of a route's error answers."""
    # Not through FastAPI's "model", which would describe a second body as application/json.
    content = {MEDIA_TYPE: {"schema": ProblemDetails.model_json_schema()}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}
