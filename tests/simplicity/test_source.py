"""Exact counts of small sources: lines, async tokens, tests, fixtures, names and complexity."""

import pytest

SUITE = '''
    """What this file is about is for free."""
    import pytest
    from httpx import AsyncClient, ASGITransport


    @pytest.fixture(scope="session")
    async def client(app):  # a comment is for free
        """Documentation is for free."""
        async with AsyncClient(
            transport=ASGITransport(app=app),
            base_url="http://test",
        ) as client:
            yield client


    @pytest.mark.parametrize("path", ["/a", "/b"])
    async def test_ok(client, path):
        response = await client.get(path)
        if response.status_code == 200:
            assert response.json()
        else:
            raise AssertionError


    class TestMore:
        """Free as well."""

        limit = 3; other = 4

        async def test_all(self, client):
            assert [await client.get(str(n)) async for n in numbers() if n]
'''


def test_a_suite_is_counted_exactly(count):
    found = count(SUITE)
    assert (found.files, found.tests, found.fixtures) == (1, 2, 1)
    assert found.logical_lines == 2 + 4 + 7 + 4  # imports; fixture; first test; class with its attributes and test
    assert found.async_tokens == 2 + 2 + 3  # def, with; def, await; def, await, for
    assert found.cyclomatic_complexity == 1 + 2 + 1
    assert found.plumbing == ("ASGITransport", "AsyncClient")
    assert found.lines_per_test == 17 / 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("# only a comment\n", 0),
        ('"""Only documentation."""\n', 0),
        ("x = 1", 1),
        ("x = 1; y = 2\n", 1),
        ("x = (\n    1,\n    2,\n)\n", 1),
        ("x = 1 + \\\n    2\n", 1),
        ("if x:\n    pass\nelse:\n    pass\n", 4),
        ("@a\n@b(1)\ndef f():\n    pass\n", 4),
        ('def f():\n    """Documentation."""\n', 1),
        ('def f():\n    x = 1\n    """A string that documents nothing."""\n', 3),
        ("match x:\n    case 1:\n        pass\n    case _:\n        pass\n", 5),
        ('x = """one\ntwo\nthree"""\n', 1),
    ],
)
def test_logical_lines_are_those_of_the_language(count, text, lines):
    assert count(text).logical_lines == lines


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("async def f():\n    await g()\n", 2),
        ("async def f():\n    async with a, b:\n        async for x in y:\n            pass\n", 3),
        ("async def f():\n    return [x async for x in y]\n", 2),
        ("async def f():\n    return {x: y async for x, y in z async for w in x}\n", 3),
        ("async def f():\n    return f'{await g()} {await h()}'\n", 3),
        ("# async and await\ntext = 'async def f(): await g()'\n", 0),
        ("def f():\n    '''async await'''\n", 0),
        ("async_await = awaited = 1\n", 0),
    ],
)
def test_async_tokens_are_those_of_the_code(count, text, tokens):
    assert count(text).async_tokens == tokens


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.fixture\ndef db():\n    pass\n",
        "@pytest.fixture()\ndef db():\n    pass\n",
        "@pytest.fixture(scope='session', autouse=True)\nasync def db():\n    yield\n",
        "@fixture\ndef db():\n    pass\n",
        "@pytest_asyncio.fixture(loop_scope='session')\nasync def db():\n    pass\n",
        "import pytest as pt\n@pt.fixture\ndef db():\n    pass\n",
        "from pytest import fixture as given\n@given(name='db')\ndef make():\n    pass\n",
        "@pytest.yield_fixture\ndef db():\n    yield\n",
        "@cached\n@pytest.fixture\ndef db():\n    pass\n",
        "class TestIt:\n    @pytest.fixture\n    def db(self):\n        pass\n",
        "db = pytest.fixture(make)\n",
        "db = pytest.fixture(scope='session')(make)\n",
        "@pytest.fixture\ndef test_client():\n    pass\n",
    ],
)
def test_a_fixture_is_counted_once_in_every_spelling(count, text):
    found = count(text)
    assert (found.fixtures, found.tests) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.usefixtures('db')\ndef test_it():\n    pass\n",
        "@pytest.mark.parametrize('fixture', [1])\ndef test_it(fixture):\n    pass\n",
        "@no_fixture_here\ndef test_it():\n    fixture = 1\n",
        "@given(name='db')\ndef test_it():\n    pass\n",
    ],
)
def test_what_only_speaks_of_fixtures_is_none(count, text):
    found = count(text)
    assert (found.fixtures, found.tests) == (0, 1)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("def test_a(): ...\nasync def test_b(): ...\n", 2),
        ("class TestIt:\n    def test_a(self): ...\n    class TestMore:\n        def test_b(self): ...\n", 2),
        ("if condition:\n    def test_a(): ...\n", 1),
        ("def make():\n    def test_inside(): ...\n", 0),
        ("def a_test(): ...\ntest_c = 1\n", 0),
    ],
)
def test_tests_are_those_that_pytest_would_collect(count, text, tests):
    assert count(text).tests == tests


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import asyncio\n", ["asyncio"]),
        ("from sqlalchemy.pool import NullPool as Pool\n", ["NullPool"]),
        ("engine(poolclass=pool.NullPool)\n", ["NullPool"]),
        ("Session(join_transaction_mode='create_savepoint')\n", ["create_savepoint", "join_transaction_mode"]),
        ("text = f'{asyncio.run(f())}'\n", ["asyncio"]),
        ("asyncio = NullPool\nasyncio = NullPool\n", ["NullPool", "asyncio"]),
        ("# NullPool\n'''asyncio'''\n", []),
        ("text = 'use NullPool instead'\n", []),
        ("nullpool = my_asyncio = 1\n", []),
    ],
)
def test_plumbing_is_named_once_wherever_it_stands_in_the_code(count, text, names):
    found = count(text)
    assert (list(found.plumbing), found.plumbing_names) == (names, len(names))


@pytest.mark.parametrize(
    ("body", "complexity"),
    [
        ("pass", 1),
        ("if a:\n    pass", 2),
        ("if a:\n    pass\nelif b:\n    pass\nelse:\n    pass", 3),
        ("for a in b:\n    if a:\n        pass", 3),
        ("while a:\n    pass", 2),
        ("with a:\n    if b:\n        pass", 2),
        ("match a:\n    case 1:\n        pass", 2),
        ("match a:\n    case 1:\n        pass\n    case 2:\n        pass", 3),
        ("match a:\n    case 1:\n        pass\n    case 2:\n        pass\n    case _:\n        pass", 3),
        ("match a:\n    case _ if b:\n        pass", 2),
        ("match a:\n    case 1:\n        if b:\n            pass\n    case _:\n        pass", 3),
        ("match a:\n    case 1:\n        pass\nif b:\n    pass", 3),
    ],
)
def test_paths_are_counted_through_every_statement(count, body, complexity):
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    assert count(f"def f(a, b):\n{indented}\n").cyclomatic_complexity == complexity
    assert count(f"async def f(a, b):\n{indented}\n").cyclomatic_complexity == complexity


def test_grouped_exceptions_count_as_plain_ones(count):
    plain = "def f():\n    try:\n        pass\n    except A:\n        if a:\n            pass\n"
    assert count(plain.replace("except", "except*")).cyclomatic_complexity == count(plain).cyclomatic_complexity


def test_functions_of_one_name_are_all_counted(count):
    twice = (
        "class A:\n    @property\n    def x(self):\n        pass\n    @x.setter\n    def x(self, y):\n        pass\n"
    )
    assert count(twice).cyclomatic_complexity == 2
