"""Good claims: read as they stand, hashed as they stand, and ready for a plan."""

from dataclasses import replace

from bench.claims import file as claims
from bench.experiments.speed.study import family


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


def test_the_family_of_a_backend_are_its_deciding_comparisons(good):
    first, second = claims.parse(good, source="")
    more = replace(first, id="third", backends=("postgresql",), minimum_blocks=16)
    informing = replace(first, id="fourth", weight="informs", minimum_blocks=99)
    assert family([first, second, more, informing]) == (2, 16)


def test_without_a_deciding_comparison_nothing_is_asked_of_the_plan():
    assert family([]) == (1, 0)
