import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.errors import AspectError, CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.offered_ratios import (
    OFFERED,
    Place,
    common_aspects,
    further_aspects,
    ratios_between,
)


@pytest.mark.parametrize(
    ("text", "kind", "ratio", "written", "slug"),
    [
        ("4:5", "ratio", 0.8, "4:5", "4x5"),
        ("4x5", "ratio", 0.8, "4:5", "4x5"),
        ("4X5", "ratio", 0.8, "4:5", "4x5"),
        ("4×5", "ratio", 0.8, "4:5", "4x5"),
        ("4/5", "ratio", 0.8, "4:5", "4x5"),
        ("  16 : 9 ", "ratio", 16 / 9, "16:9", "16x9"),
        ("1920x1080", "ratio", 16 / 9, "16:9", "16x9"),
        ("1080x1350", "ratio", 0.8, "4:5", "4x5"),
        ("10:15", "ratio", 2 / 3, "2:3", "2x3"),
        ("21:9", "ratio", 21 / 9, "21:9", "21x9"),
        ("16:10", "ratio", 1.6, "16:10", "16x10"),
        ("210:297", "ratio", 210 / 297, "210:297", "210x297"),
        ("6001x4000", "ratio", 6001 / 4000, "6001:4000", "6001x4000"),
        ("1,5", "ratio", 1.5, "3:2", "3x2"),
        ("1,91", "ratio", 1.91, "1.91:1", "1.91x1"),
        ("2.39:1", "ratio", 2.39, "2.39:1", "2.39x1"),
        ("1.91", "ratio", 1.91, "1.91:1", "1.91x1"),
        ("1", "ratio", 1.0, "1:1", "1x1"),
        (".5", "ratio", 0.5, "1:2", "1x2"),
        ("100:1", "ratio", 100.0, "100:1", "100x1"),
        ("1:100", "ratio", 0.01, "1:100", "1x100"),
        ("free", "free", None, "free", "free"),
        (" Free ", "free", None, "free", "free"),
        ("ORIGINAL", "original", 1.5, "original", "original"),
        ("circle", "circle", 1.0, "circle", "circle"),
    ],
)
def test_every_form_of_an_aspect(
    text: str, kind: str, ratio: float | None, written: str, slug: str
) -> None:
    aspect = Aspect.parse(text)
    assert aspect.kind == kind
    assert aspect.ratio_for(600, 400) == (None if ratio is None else pytest.approx(ratio))
    assert str(aspect) == written
    assert aspect.slug == slug
    assert aspect.is_circle == (kind == "circle")
    assert Aspect.parse(str(aspect)) == aspect
    assert Aspect.parse(aspect.slug) == aspect


@pytest.mark.parametrize(
    "text",
    ["", "  ", "square", "4:", ":5", "4:5:6", "4;5", "4-5", "a:b", "-4:5", "4:-5", "4 5", "free!"],
)
def test_what_is_no_aspect_says_what_to_write(text: str) -> None:
    with pytest.raises(AspectError, match=r"4:5") as caught:
        Aspect.parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["0", "-1", "-0.5", "nan", "inf", "-inf", "1e999"])
def test_a_number_that_is_no_ratio(text: str) -> None:
    with pytest.raises(AspectError, match="positive number"):
        Aspect.parse(text)


@pytest.mark.parametrize("text", ["0:5", "4:0", "0:0", "0.0:1"])
def test_a_side_of_nothing(text: str) -> None:
    with pytest.raises(AspectError, match="positive numbers"):
        Aspect.parse(text)


@pytest.mark.parametrize("text", ["101:1", "1:101", "1e-3", "500"])
def test_a_ratio_beyond_reason_names_the_limits(text: str) -> None:
    with pytest.raises(AspectError, match="1:100 or 100:1"):
        Aspect.parse(text)


def test_an_aspect_error_can_be_caught_as_either_kind() -> None:
    for kind in (CropsightError, ValueError):
        with pytest.raises(kind):
            Aspect.parse("?")


@pytest.mark.parametrize("terms", [(0, 1), (1, math.nan), (math.inf, 1), (-4, -5)])
def test_impossible_terms_are_refused(terms: tuple[float, float]) -> None:
    with pytest.raises(AspectError):
        Aspect("ratio", *terms)


@pytest.mark.parametrize(
    ("text", "photo", "turned"),
    [
        ("4:5", (600, 400), "5:4"),
        ("4:5", (400, 600), "4:5"),
        ("16:9", (400, 600), "9:16"),
        ("4:5", (500, 500), "4:5"),
        ("1:1", (400, 600), "1:1"),
        ("free", (400, 600), "free"),
        ("original", (400, 600), "original"),
    ],
)
def test_a_ratio_turns_with_the_photo(text: str, photo: tuple[int, int], turned: str) -> None:
    assert Aspect.parse(text).turned_for(*photo) == Aspect.parse(turned)


def test_swapping() -> None:
    assert Aspect.parse("4:5").swapped() == Aspect.parse("5:4")
    for word in ("free", "original", "circle"):
        assert Aspect.parse(word).swapped() == Aspect.parse(word)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.8, "4:5"),
        (1.7777, "16:9"),
        (1.778, "16:9"),
        (1.5, "3:2"),
        (1.0, "1:1"),
        (0.5625, "9:16"),
        (21 / 9, "7:3"),
        (3.03, "3.03:1"),
        (1.9067, "40:21"),
        (0.01, "0.01:1"),
        (100.0, "100:1"),
    ],
)
def test_a_decimal_becomes_a_small_fraction_where_one_is_near(value: float, written: str) -> None:
    assert str(Aspect.of_ratio(value)) == written


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, 1e-7, 1e7])
def test_a_decimal_that_is_no_ratio(value: float) -> None:
    with pytest.raises(AspectError):
        Aspect.of_ratio(value)


@given(st.floats(0.011, 99))
def test_a_decimal_is_met_within_the_stated_tolerance(value: float) -> None:
    aspect = Aspect.of_ratio(value)
    ratio = aspect.ratio_for(1, 1)
    assert ratio is not None
    assert abs(ratio / value - 1) < 0.005 if value < 0.05 else abs(ratio / value - 1) < 0.002
    assert Aspect.parse(str(aspect)) == aspect


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_original_is_the_ratio_of_the_photo(width: int, height: int) -> None:
    assert Aspect("original").ratio_for(width, height) == width / height
    assert Aspect("circle").ratio_for(width, height) == 1
    assert Aspect("free").ratio_for(width, height) is None


@given(st.integers(1, 100), st.integers(1, 100))
def test_a_pair_of_terms_survives_text_and_swapping(width: int, height: int) -> None:
    aspect = Aspect("ratio", width, height)
    assert Aspect.parse(aspect.slug) == aspect
    assert aspect.swapped().swapped() == aspect
    ratio, turned = aspect.ratio_for(1, 1), aspect.swapped().ratio_for(1, 1)
    assert ratio is not None
    assert turned is not None
    assert ratio * turned == pytest.approx(1)


def test_every_place_offers_every_ratio_once() -> None:
    offered = [Aspect.parse(text) for text in OFFERED]
    assert [str(aspect) for aspect in offered] == list(OFFERED)
    ratios = [a.width / a.height for a in offered if a.kind == "ratio"]
    assert len(set(ratios)) == len(ratios)
    for place in get_args(Place):
        both = (*common_aspects(place), *further_aspects(place))
        assert sorted(map(str, both)) == sorted(set(map(str, both)))
        assert {a for a in offered if a.kind == "ratio"} <= set(both)
    assert {a.kind for a in common_aspects("nested")} == {"ratio", "circle"}


def test_ratios_between_two_are_in_their_order() -> None:
    found = [str(aspect) for aspect in ratios_between(0.7, 1.3)]
    assert found == ["5:7", "3:4", "4:5", "1:1", "5:4"]
