"""A claim that cannot be weighed is refused with its file, its line, its key and what to do."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.claims import file as claims
from bench.errors import ConfigurationError, ExitCode

# The line that is spoilt, its new text, the line that the error names, the cause and the hint.
SPOILT = {
    "unknown metric": (7, 'metric = "memory"', 7, "kind 'faster' has no metric 'memory'", "one of: wall, cpu, setup"),
    "metric of another kind": (7, 'metric = "fixtures"', 7, "has no metric 'fixtures'", "one of: wall, cpu, setup"),
    "missing metric": (7, "", 2, "kind 'faster' has no metric ''", "one of: wall, cpu, setup"),
    "unknown kind": (
        6,
        'kind = "quicker"',
        6,
        "unknown kind 'quicker'",
        "faster, faster-in-each-pair, spreads-less, suite-limit",
    ),
    "operator": (6, 'operator = "<"', 6, "unknown key 'operator'", "known keys: alpha, at_least"),
    "unknown key": (14, "minimal_blocks = 8", 14, "unknown key 'minimal_blocks'", "minimum_blocks"),
    "indented key": (14, "    maximum = 8", 14, "unknown key 'maximum'", "known keys"),
    "quoted key": (14, '"most blocks" = 8', 14, "unknown key 'most blocks'", "known keys"),
    "wrong type": (12, 'margin = "5 %"', 12, "Expected `float | null`, got `str`", "the head of bench/claims.toml"),
    "truth for a number": (12, "margin = true", 12, "got `bool`", "the head of bench/claims.toml"),
    "text for a list": (10, 'backends = "sqlite"', 10, "Expected `array`, got `str`", "the head of"),
    "number in a list": (10, "backends = [1]", 10, "Expected `str`, got `int`", "the head of"),
    "fraction of a block": (14, "minimum_blocks = 8.5", 14, "got `float`", "the head of"),
    "missing key": (5, "", 2, "missing required field `goal`", "the head of"),
    "missing id": (2, "", 1, "missing required field `id`", "the head of"),
    "key of the kind": (9, "", 6, "kind 'faster' needs the key 'rival'", "add rival = ..."),
    "key of another kind": (14, "at_most = 0.1", 14, "kind 'faster' does not use the key 'at_most'", "remove at_most"),
    "layer of another kind": (14, 'layer = "unit"', 14, "does not use the key 'layer'", "remove layer"),
    "unknown weight": (11, 'weight = "matters"', 11, "Invalid enum value 'matters'", "one of: decides, informs"),
    "margin of nothing": (12, "margin = 0", 12, "margin = 0.0 is out of range", "between 1e-06 and 1"),
    "margin above": (12, "margin = 5", 12, "margin = 5.0 is out of range", "between 1e-06 and 1"),
    "margin that is no number": (12, "margin = nan", 12, "margin = nan is out of range", "between"),
    "alpha above": (13, "alpha = 0.5", 13, "alpha = 0.5 is out of range", "between 1e-06 and 0.5"),
    "alpha below": (13, "alpha = -0.05", 13, "alpha = -0.05 is out of range", "between 1e-06 and 0.5"),
    "no blocks": (14, "minimum_blocks = 0", 14, "minimum_blocks = 0 is out of range", "more than 0"),
    "at most all": (25, "at_most = 1.0", 25, "at_most = 1.0 is out of range", "between 0 and 1"),
    "unknown backend": (10, 'backends = ["mysql"]', 10, "unknown backend 'mysql'", "one of: sqlite, postgresql"),
    "backend twice": (10, 'backends = ["sqlite", "sqlite"]', 10, "'sqlite' is given twice", "name each backend once"),
    "duplicate id": (20, 'id = "first"', 20, "the id 'first' is given twice", "give each claim its own id"),
    "empty id": (20, 'id = ""', 20, "the id '' is no plain name", "letters, digits, dots and dashes"),
    "id with a backend": (20, 'id = "a@sqlite"', 20, "the id 'a@sqlite' is no plain name", "letters, digits"),
    "itself": (9, 'rival = "sync"', 9, "'sync' is compared with itself", "name another contender"),
    "pair of one": (14, 'pairs = [["sync"]]', 14, "length 2", "the subject, then the rival"),
    "pair as a text": (14, 'pairs = ["sync async"]', 14, "Expected `array`, got `str`", "the subject, then the rival"),
    "pairs of another kind": (14, 'pairs = [["a", "b"]]', 14, "does not use the key 'pairs'", "remove pairs"),
    "key before the id": (17, 'weight = "decides!"', 17, "Invalid enum value 'decides!'", "decides, informs"),
}


@pytest.mark.parametrize("case", SPOILT.values(), ids=SPOILT)
def test_a_wrong_key_is_refused_with_its_line_and_a_hint(spoilt, refusal, case):
    number, line, place, cause, hint = case
    error = refusal(spoilt(number, line))
    assert str(error).endswith(f"is wrong: claims.toml, line {place}")
    assert cause in error.cause
    assert hint in error.hint
    assert error.exit_code is ExitCode.USAGE


def test_a_claim_is_called_by_its_id(spoilt, refusal):
    assert "the claim 'second' is wrong" in str(refusal(spoilt(25, "at_most = 7")))


def test_a_claim_without_an_id_is_called_by_its_number(spoilt, refusal):
    assert "the claim number 2 is wrong: claims.toml, line 16" in str(refusal(spoilt(20, "")))


def test_unknown_layers_are_refused_with_those_that_there_are(good, refusal):
    limit = good.replace('"faster"', '"layer-limit"').replace('"wall"', '"test"').replace('rival = "async"', "")
    limit = limit.replace("margin = 0.05", 'layer = "units"').replace("alpha = 0.05", "limit_seconds = 1")
    error = refusal(limit.replace("minimum_blocks = 8", ""))
    assert ("line 12" in str(error), error.hint) == (True, "one of: unit, integration, api")


@pytest.mark.parametrize("text", ["limit_seconds = inf", "limit_seconds = 0", "limit_seconds = -3"])
def test_a_limit_must_be_a_time(good, refusal, text):
    limit = good.replace('"faster"', '"suite-limit"').replace('rival = "async"', "").replace("margin = 0.05", text)
    error = refusal(limit.replace("\nalpha = 0.05", "").replace("minimum_blocks = 8", ""))
    assert ("line 12" in str(error), "is out of range" in error.cause) == (True, True)


def test_broken_toml_names_the_file_and_the_line(spoilt, refusal):
    error = refusal(spoilt(4, "statement = not quoted"))
    assert str(error) == "claims.toml is not valid TOML"
    assert "line 4" in error.cause
    assert error.hint == "mend that line"


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ('title = "mine"\n[[claims]]\nid = "a"\n', 1, "title"),
        ('# mine\n[[claims]]\nid = "a"\n', 2, "claims"),
        ('\n[claim]\nid = "a"\n', 2, "claim"),
        ("claim = [1, 2]\n", 1, "claim"),
        ('claim = "a"\n', 1, "claim"),
    ],
)
def test_what_is_no_list_of_claims_is_refused(refusal, text, place, key):
    error = refusal(text)
    assert str(error) == f"the claims are wrong: claims.toml, line {place}"
    assert error.cause == f"{key!r} is not a list of claims"
    assert error.hint == "each claim starts with a line [[claim]]"


def test_claims_in_one_line_are_refused_without_a_line(refusal):
    assert str(refusal('claim = [{id = "a"}]')).endswith("is wrong: claims.toml")


@pytest.mark.parametrize(("key", "line", "name"), [("subject", 8, "snyc"), ("rival", 9, "asinc")])
def test_an_unknown_contender_is_refused_with_those_that_there_are(spoilt, key, line, name):
    text = spoilt(line, f'{key} = "{name}"')
    parsed = claims.parse(text, source="claims.toml")
    with pytest.raises(ConfigurationError, match=f"the claim 'first' is wrong: claims.toml, line {line}") as caught:
        claims.check_names(parsed, contenders=["sync", "async"], source="claims.toml", text=text)
    assert caught.value.cause == f"{key} '{name}' is not a contender"
    assert caught.value.hint == "the configuration has sync, async"


def test_an_unknown_contender_of_a_pair_is_refused(good):
    text = good.replace('"faster"', '"faster-in-each-pair"').replace(
        "minimum_blocks = 8", 'pairs = [["best", "async"]]'
    )
    parsed = claims.parse(text, source="claims.toml")
    with pytest.raises(ConfigurationError, match=r"line 14") as caught:
        claims.check_names(parsed, contenders=["sync", "async"], source="claims.toml", text=text)
    assert caught.value.cause == "pairs 'best' is not a contender"


def test_a_kind_that_needs_pairs_is_refused_without_them(good, refusal):
    assert refusal(good.replace('"faster"', '"faster-in-each-pair"')).cause.endswith("needs the key 'pairs'")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot read the claims") as caught:
        claims.read(tmp_path / "none.toml", contenders=[])
    assert "No such file" in caught.value.cause


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "claims.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot read the claims"):
        claims.read(tmp_path / "claims.toml", contenders=[])


def test_a_wrong_claim_in_a_file_is_refused_with_its_path(tmp_path, spoilt):
    path = tmp_path / "mine.toml"
    path.write_text(spoilt(12, "margin = 2"))
    with pytest.raises(ConfigurationError, match=r"mine\.toml, line 12"):
        claims.read(path, contenders=["sync", "async"])


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(1, 25), line=st.text(st.characters(codec="utf-8"), max_size=30))
def test_no_text_breaks_the_reading_of_claims(spoilt, number, line):
    with suppress(ConfigurationError):
        assert len(claims.parse(spoilt(number, line), source="claims.toml")) in (1, 2)
