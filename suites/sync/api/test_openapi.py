"""Laws of the published description."""

from fastapi import FastAPI


def test_openapi_describes_every_error_as_a_problem(app: FastAPI) -> None:
    operations = [item for path in app.openapi()["paths"].values() for item in path.values()]
    errors = [answer for item in operations for status, answer in item["responses"].items() if status >= "4"]
    assert errors
    assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors)


def test_openapi_every_operation_has_a_summary_and_a_sentence(app: FastAPI) -> None:
    operations = [item for path in app.openapi()["paths"].values() for item in path.values()]
    assert all(item["summary"] and item["description"].endswith(".") for item in operations)


def test_openapi_operation_ids_are_unique(app: FastAPI) -> None:
    operations = [item for path in app.openapi()["paths"].values() for item in path.values()]
    ids = [item["operationId"] for item in operations]
    assert len(ids) == len(set(ids))


def test_openapi_asks_for_a_token_exactly_where_one_is_needed(app: FastAPI) -> None:
    public = {
        path
        for path, item in app.openapi()["paths"].items()
        if any("security" not in operation for operation in item.values())
    }
    assert public == {
        "/auth/login",
        "/auth/password-reset",
        "/auth/password-reset/confirm",
        "/auth/refresh",
        "/auth/register",
        "/auth/verify",
        "/health/live",
        "/health/ready",
        "/providers",
        "/providers/{slug}",
    }


def test_openapi_answers_hold_no_secret(app: FastAPI) -> None:
    shown = [
        name
        for schema, content in app.openapi()["components"]["schemas"].items()
        if schema.endswith("Out")
        for name in content["properties"]
    ]
    assert shown
    assert not [name for name in shown if "token" in name and name != "token_expires_at"]
    assert not [name for name in shown if "password" in name or "encrypted" in name]
