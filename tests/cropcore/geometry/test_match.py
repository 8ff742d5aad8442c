"""Crops placed by a subject: where it lies in them, and what is doubtful."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.errors import GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.match import MatchPattern, Subject, match_pattern
from cropcore.geometry.refit import pixel_ratio

SIZE = (1200, 800)
PATTERN = MatchPattern.of(Crop((0.2, 0.1, 0.6, 0.9)), Subject("head", (0.35, 0.2, 0.45, 0.4)), SIZE)


@given(
    x=st.floats(0.3, 0.7), y=st.floats(0.3, 0.6), height=st.floats(0.05, 0.3),
    size=st.sampled_from([(1200, 800), (800, 1200), (4000, 3000)]),
    aspect=st.sampled_from(["free", "4:5", "1:1", "circle"]),
)  # fmt: skip
def test_a_head_has_the_pattern_s_height_and_eye_line(
    x: float, y: float, height: float, size: tuple[int, int], aspect: str
) -> None:
    wide = 0.7 * height * size[1] / size[0]
    head = Subject("head", (x - wide / 2, y - height / 2, x + wide / 2, y + height / 2))
    wanted = Aspect.parse(aspect)
    crop, doubts = PATTERN.crop(head, wanted, *size)
    x1, y1, x2, y2 = crop.box
    assert min(x1, y1) >= 0
    assert max(x2, y2) <= 1
    ratio = wanted.ratio_for(*size) or PATTERN.ratio
    assert pixel_ratio(crop, *size) == pytest.approx(ratio, rel=1e-6)
    got, eyes = height / (y2 - y1), (y - y1) / (y2 - y1)
    if not doubts:
        assert got == pytest.approx(PATTERN.box[3] - PATTERN.box[1], rel=0.016)
        assert eyes == pytest.approx(PATTERN.line, abs=0.011)
    else:
        assert doubts == ("beyond",)
        assert min(x1, y1) == pytest.approx(0, abs=1e-9) or max(x2, y2) == pytest.approx(1)


def test_objects_get_the_same_margins_whatever_their_shape() -> None:
    pattern = MatchPattern("object", (0.1, 0.2, 0.9, 0.8), 1.0)
    for box in ((0.4, 0.4, 0.6, 0.5), (0.45, 0.35, 0.55, 0.6)):
        crop, doubts = pattern.crop(Subject("object", box), Aspect("free"), 1000, 1000)
        x1, y1, x2, y2 = crop.box
        side = x2 - x1
        margins = [
            (box[0] - x1) / side,
            (x2 - box[2]) / side,
            (box[1] - y1) / side,
            (y2 - box[3]) / side,
        ]
        assert not doubts
        assert margins[0] == pytest.approx(margins[1])
        assert margins[2] == pytest.approx(margins[3])
        assert min(margins[0] - 0.1, margins[2] - 0.2) == pytest.approx(0, abs=1e-9)


def test_what_is_not_sure_is_said() -> None:
    head = (0.45, 0.3, 0.55, 0.5)
    for subject, doubt in (
        (Subject("head", head, 1.0, others=1), "several"),
        (Subject("head", head, 0.2), "uncertain"),
        (Subject("head", (0.0, 0.0, 0.1, 0.2)), "beyond"),
        (Subject("head", (0.3, 0.1, 0.7, 0.9)), "beyond"),
    ):
        assert PATTERN.crop(subject, Aspect("free"), *SIZE)[1] == (doubt,)


def test_a_pattern_is_kept_as_a_method_s_name() -> None:
    again = match_pattern(PATTERN.method)
    assert again is not None
    assert again.box == pytest.approx(PATTERN.box, abs=1e-4)
    assert again.ratio == pytest.approx(PATTERN.ratio, rel=1e-5)
    assert match_pattern("cascade") is None
    assert match_pattern("box:0,0,1,1") is None
    for text in ("match:head:1,2", "match:foot:0,0,1,1:1", "match:head:0,0,nan,1:1", "match:"):
        with pytest.raises(GeometryError, match="no pattern"):
            match_pattern(text)
