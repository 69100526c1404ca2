"""Settings are counted once, whatever they are spelled in, and only those that the contender uses."""

import pytest

from bench.errors import ConfigurationError

INI = "[pytest]\n# asyncio_debug = off\naddopts = -q\n  --strict-markers\ntestpaths: .\n"


@pytest.fixture
def keys(count):
    """Count the settings of a row beside files of settings."""
    return lambda *arguments, files=None, **row: count(files=files, pytest_args=arguments, **row).configuration_keys


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("pytest.ini", INI, 2),
        ("tox.ini", f"[tox]\nenvlist = a\n{INI}", 2),
        ("setup.cfg", "[metadata]\nname = a\n[tool:pytest]\naddopts = -q\n", 1),
        (
            "pyproject.toml",
            '[project]\nname = "a"\n[tool.pytest.ini_options]\naddopts = "-q"\nxfail_strict = true\n',
            2,
        ),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["-q"]\n', 1),
        ("pytest.toml", '[pytest]\naddopts = ["-q"]\nstrict = true\n', 2),
        ("pyproject.toml", '[project]\nname = "a"\n', 0),
        ("pytest.ini", "", 0),
    ],
)
def test_the_keys_of_pytests_own_section_count(keys, name, text, number):
    assert keys("-c", name, files={name: text}) == number


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "pytest.ini", "-o", "xfail_strict=true"),
        ("-cpytest.ini", "-oxfail_strict=true"),
        ("--config-file", "pytest.ini", "--override-ini", "xfail_strict=true"),
        ("--config-file=pytest.ini", "--override-ini=xfail_strict=true"),
        ("suite", "-q", "-p", "no:cacheprovider", "-o", "xfail_strict=true", "-c", "pytest.ini", "--tb=short"),
    ],
)
def test_every_spelling_of_an_option_counts(keys, arguments):
    assert keys(*arguments, files={"pytest.ini": INI}) == 3


def test_a_setting_that_is_overridden_is_still_one(keys):
    assert keys("-c", "pytest.ini", "-o", "addopts=", "-o", "addopts=-v", files={"pytest.ini": INI}) == 2


def test_plugins_and_variables_count_but_for_the_databases_address(keys):
    variables = {"DATABASE_URL": "{database_url}", "SUITE_SCOPE": "session"}
    assert keys(plugins=("pytest_asyncio.plugin",), environment=variables) == 2


@pytest.mark.parametrize(
    ("plugins", "number"),
    [((), 1), (("pytest_asyncio.plugin",), 3), (("anyio",), 3), (("anyio.pytest_plugin",), 3), (None, 3)],
)
def test_settings_of_a_plugin_that_is_not_loaded_are_for_others(keys, plugins, number):
    ini = "[pytest]\naddopts = -q\nasyncio_mode = auto\nanyio_mode = auto\n"
    assert keys("-c", "pytest.ini", files={"pytest.ini": ini}, plugins=plugins) == number


def test_settings_that_are_plumbing_are_named(count):
    ini = "[pytest]\nasyncio_mode = auto\n"
    found = count(files={"pytest.ini": ini}, pytest_args=("-c", "pytest.ini"), plugins=("pytest_asyncio.plugin",))
    assert found.plumbing == ("asyncio_mode",)


@pytest.mark.parametrize("name", ["none.ini", "broken.ini", "broken.toml", "bytes.ini"])
def test_settings_that_cannot_be_read_are_refused(keys, tmp_path, name):
    (tmp_path / "bytes.ini").write_bytes(b"\xff")
    broken = {"broken.ini": "no section = 1\n", "broken.toml": "no value\n"}
    with pytest.raises(ConfigurationError, match=f"cannot read the pytest configuration .*{name}") as caught:
        keys("-c", name, files=broken)
    assert caught.value.cause
    assert "pytest_args" in caught.value.hint
