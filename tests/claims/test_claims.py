"""Good claims: read as they stand, hashed as they stand, and ready for a plan."""

from dataclasses import replace

from bench.claims import file as claims


def test_claims_are_read_in_their_order(good):
    assert [claim.id for claim in claims.parse(good, source="")] == ["first", "second"]


def test_no_file_is_no_claim():
    assert claims.read(None, contenders=[]) == ("", ())


def test_a_file_is_read_with_its_text(tmp_path, good):
    (tmp_path / "claims.toml").write_text(good)
    text, parsed = claims.read(tmp_path / "claims.toml", contenders=["sync", "async"])
    assert (text, parsed) == (good, claims.parse(good, source=""))


def test_the_hash_shows_every_edit(good):
    assert len({claims.hash_of(text) for text in (good, good + "\n", good.replace("0.05", "0.06"))}) == 3


def test_the_family_of_a_backend_are_all_tests_that_decide_there(good):
    first, second = claims.parse(good, source="")
    more = replace(first, id="third", backends=("postgresql",))
    exact = replace(first, id="fourth", kind="fails-less", metric="")
    counted = replace(first, id="fifth", kind="fewer", metric="fixtures")
    informing = replace(first, id="sixth", weight="informs")
    assert claims.largest_family([first, second, more, informing, counted]) == 2
    assert claims.largest_family([first, second, more, informing, counted, exact]) == 3


def test_without_a_deciding_test_there_is_a_family_of_one():
    assert claims.largest_family([]) == 1


def test_each_kind_that_gives_a_p_value_is_in_the_family():
    known = claims.kinds()
    assert {name for name, kind in known.items() if kind.is_tested} == {
        "faster",
        "faster-in-each-pair",
        "spreads-less",
        "fails-less",
        "factor",
    }
