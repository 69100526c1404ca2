"""Laws of the names that problems carry."""

from collections.abc import Iterator

import pytest

from app.problems import BadGateway, BadRequest, Conflict, Forbidden, NotFound, Problem, Unauthenticated, problems


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every kind of problem the application knows."""
    for kind in root.__subclasses__():
        yield kind
        yield from all_problems(kind)


def test_problem_names_are_unique() -> None:
    names = [kind.name for kind in all_problems()]
    assert sorted(names) == sorted(set(names))


def test_problem_names_are_fit_for_a_uri() -> None:
    assert all(kind.name.replace("-", "").isalpha() and kind.name.islower() for kind in all_problems())


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (BadRequest, 400),
        (Unauthenticated, 401),
        (Forbidden, 403),
        (NotFound, 404),
        (Conflict, 409),
        (BadGateway, 502),
    ],
)
def test_problem_keeps_its_status_in_every_domain(kind: type[Problem], status: int) -> None:
    assert {each.status for each in [kind, *all_problems(kind)]} == {status}


def test_unauthenticated_always_says_how_to_authenticate() -> None:
    kinds = [Unauthenticated, *all_problems(Unauthenticated)]
    assert all(kind.headers["WWW-Authenticate"] == "Bearer" for kind in kinds)


def test_problem_descriptions_name_the_media_type() -> None:
    [description] = problems(Conflict.status).values()
    assert list(description["content"]) == ["application/problem+json"]
