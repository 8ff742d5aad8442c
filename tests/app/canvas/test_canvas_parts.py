"""Guides, pills, map colours, contours and the readout of a map."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from app.canvas.candidate_marks import HIT, pill_at, place_pills
from app.canvas.colormap import colour_table, map_colour
from app.canvas.composition_guides import GUIDES, guide_lines
from app.canvas.contours import contour_lines
from app.canvas.crop_frame import handle_at, hit_areas, reserved_areas
from app.canvas.drag_geometry import Handle
from app.canvas.map_overlay import Heatmap, resample
from cropcore.geometry.crop import Map
from cropcore.messages import NOTHING, Message

ROOM = QRectF(0, 0, 1024, 686)


def oklab_lightness(colour: QColor) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    long = 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b
    medium = 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b
    short = 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b
    return (
        0.2104542553 * long ** (1 / 3)
        + 0.7936177850 * medium ** (1 / 3)
        - (0.0040720468 * short ** (1 / 3))
    )


class TestGuides:
    @pytest.mark.parametrize("name", GUIDES)
    @pytest.mark.parametrize("turn", range(4))
    @pytest.mark.parametrize("upright", [False, True])
    def test_all_lines_lie_in_the_crop(self, name: str, turn: int, upright: bool) -> None:
        lines = guide_lines(name, turn, upright)
        assert bool(lines) == (name != "none")
        points = np.array([p for line in lines for p in line]).reshape(-1, 2)
        assert ((points >= -1e-9) & (points <= 1 + 1e-9)).all()

    def test_thirds_and_golden_ratio_are_where_they_belong(self) -> None:
        assert guide_lines("thirds")[0] == ((1 / 3, 0.0), (1 / 3, 1.0))
        golden = (math.sqrt(5) - 1) / 2
        assert guide_lines("golden")[1][0][0] == pytest.approx(golden)

    def test_the_spiral_is_unbroken_and_turns_its_eye_to_four_places(self) -> None:
        eyes = set()
        for turn in range(4):
            curve = np.array(guide_lines("spiral", turn)[0])
            assert np.linalg.norm(np.diff(curve, axis=0), axis=1).max() < 0.08
            eyes.add((curve[-1][0] > 0.5, curve[-1][1] > 0.5))
        assert len(eyes) == 4

    def test_the_spiral_stands_in_an_upright_crop(self) -> None:
        lying, standing = guide_lines("spiral", 0)[0], guide_lines("spiral", 0, True)[0]
        assert [(y, x) for x, y in lying] == list(standing)


class TestPills:
    @settings(max_examples=60)
    @given(
        st.lists(
            st.tuples(
                st.floats(-200, 1000), st.floats(-200, 660), st.floats(30, 900), st.floats(30, 600)
            ),
            min_size=1,
            max_size=10,
        )
    )
    def test_ten_pills_never_touch_each_other_or_a_handle(
        self, crops: list[tuple[float, float, float, float]]
    ) -> None:
        edges = [(i + 1, QRectF(*crop)) for i, crop in enumerate(crops)]
        grips = reserved_areas(QRectF(300, 200, 300, 200))
        pills = place_pills(edges, ROOM, grips)
        assert [p.rank for p in pills] == [rank for rank, _ in edges]
        for i, pill in enumerate(pills):
            assert ROOM.contains(pill.hit)
            assert min(pill.hit.width(), pill.hit.height()) >= HIT
            for other in (*(p.hit for p in pills[:i]), *grips):
                assert not pill.hit.intersects(other)

    def test_pills_on_one_edge_stand_in_a_row_along_it(self) -> None:
        same = QRectF(100, 200, 400, 300)
        pills = place_pills([(rank, same) for rank in (1, 2, 3)], ROOM)
        assert [p.rect.center().y() for p in pills] == [200, 200, 200]
        lefts = [p.rect.left() for p in pills]
        assert lefts == sorted(lefts)
        assert lefts[0] >= 100
        assert lefts[-1] < 500

    @pytest.mark.parametrize("right", [1022.8615922503556, 510.47807511017487, 1022.8176931299973])
    def test_a_place_is_found_beside_whatever_rounds_badly(self, right: float) -> None:
        # Where the sum of this right end and a gap is rounded down, the search stood still for ever.
        place = QRectF(0, 0, right, 900)
        room = QRectF(0, 0, 1400, 900)
        (pill,) = place_pills([(1, QRectF(0, 0, 1300, 900))], room, [place])
        assert not pill.hit.intersects(place)
        assert right < pill.rect.left() < right + HIT

    def test_a_click_finds_the_pill_it_is_on(self) -> None:
        pills = place_pills([(4, QRectF(100, 200, 400, 300))], ROOM)
        assert pill_at(pills, pills[0].rect.center()) == 4
        assert pill_at(pills, pills[0].hit.topLeft() + QPointF(1, 1)) == 4
        assert pill_at(pills, QPointF(300, 350)) is None


class TestHandles:
    @pytest.mark.parametrize("side", [8.0, 24.0, 60.0, 500.0])
    def test_each_grip_is_at_least_24_px_and_the_middle_moves(self, side: float) -> None:
        rect = QRectF(200, 200, side, side)
        for handle, area in hit_areas(rect).items():
            sx, sy = handle.value
            assert sx == 0 or area.width() >= 24
            assert sy == 0 or area.height() >= 24
        assert handle_at(rect, rect.center()) is None

    def test_corners_and_edges_are_told_apart(self) -> None:
        rect = QRectF(100, 100, 300, 200)
        assert handle_at(rect, rect.topLeft()) is Handle.TOP_LEFT
        assert handle_at(rect, QPointF(250, 300)) is Handle.BOTTOM
        assert handle_at(rect, QPointF(410, 180)) is Handle.RIGHT
        assert handle_at(rect, QPointF(430, 180)) is None


class TestColours:
    def test_lightness_rises_in_even_steps(self) -> None:
        lightness = np.array([oklab_lightness(map_colour(i / 255)) for i in range(256)])
        steps = np.diff(lightness)
        assert (steps > 0).all()
        assert steps.max() < 2 * steps.mean()

    def test_alpha_is_clear_below_a_third_and_seven_tenths_at_the_top(self) -> None:
        table = [QColor.fromRgba(entry) for entry in colour_table(1.0)]
        assert len(table) == 256
        assert all(c.alpha() == 0 for c in table[:77])
        assert table[255].alphaF() == pytest.approx(0.7, abs=0.003)
        alphas = [c.alpha() for c in table]
        assert alphas == sorted(alphas)

    def test_opacity_scales_alpha(self) -> None:
        assert QColor.fromRgba(colour_table(0.5)[255]).alphaF() == pytest.approx(0.35, abs=0.003)


class TestContours:
    def test_a_disc_has_one_closed_line_of_its_radius(self) -> None:
        y, x = np.mgrid[0:80, 0:120]
        distance = np.hypot(x - 60, y - 40)
        lines = contour_lines((40 - distance).astype(np.float32), 20.0)
        assert len(lines) == 1
        line = lines[0]
        assert (line[0] == line[-1]).all()
        at = line * (120, 80) - 0.5
        assert np.hypot(at[:, 0] - 60, at[:, 1] - 40) == pytest.approx(20, abs=0.1)

    def test_a_ramp_is_crossed_where_its_value_is(self) -> None:
        ramp = np.tile(np.linspace(0, 1, 11, dtype=np.float32), (5, 1))
        (line,) = contour_lines(ramp, 0.25)
        assert line[:, 0] == pytest.approx(3 / 11)

    def test_every_crossing_of_noise_is_used_once(self) -> None:
        values = np.random.default_rng(3).random((20, 30)).astype(np.float32)
        lines = contour_lines(values, 0.5)
        above = values >= 0.5
        crossed = (above[:, 1:] != above[:, :-1]).sum() + (above[1:] != above[:-1]).sum()
        closed = sum(bool((line[0] == line[-1]).all()) for line in lines)
        assert sum(len(line) for line in lines) - closed == crossed

    def test_flat_and_tiny_maps_have_none(self) -> None:
        assert contour_lines(np.zeros((5, 5), np.float32), 0.5) == []
        assert contour_lines(np.ones((1, 4), np.float32), 0.5) == []


@cache
def readings() -> np.ndarray:
    return np.random.default_rng(0).random((12, 18)).astype(np.float32) * 4 - 1


@cache
def heatmap() -> Heatmap:
    return Heatmap(Map("m", readings(), -1.0, 3.0, Message("Content"), NOTHING), 0.6)


class TestHeatmap:
    @given(st.integers(0, 11), st.integers(0, 17), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
    def test_the_readout_is_the_arrays_value(
        self, row: int, column: int, down: float, across: float
    ) -> None:
        value = heatmap().value_at((column + across) / 18, (row + down) / 12)
        assert value == readings()[row, column]

    def test_there_is_no_value_outside_the_photo(self) -> None:
        assert heatmap().value_at(-0.01, 0.5) is None
        assert heatmap().value_at(0.5, 1.0) is None

    def test_a_map_without_range_or_with_gaps_is_shown_all_the_same(self, qapp: object) -> None:
        level = Heatmap(
            Map("m", np.full((3, 4), 2, np.float32), 2.0, 2.0, Message("M"), NOTHING), 0.6
        )
        assert level.value_at(0.5, 0.5) == 2
        gaps = Heatmap(
            Map("m", np.full((3, 4), np.nan, np.float32), 0.0, 1.0, Message("M"), NOTHING), 0.6
        )
        assert np.isnan(gaps.value_at(0.5, 0.5))

    @pytest.mark.parametrize("long_side", [6, 60])
    def test_resampling_keeps_a_constant_and_the_place_of_a_peak(self, long_side: int) -> None:
        flat = resample(np.full((12, 18), 0.4, np.float32), long_side)
        assert flat == pytest.approx(0.4, abs=1e-5)
        y, x = np.mgrid[0:12, 0:18]
        peak = np.exp(-((x - 12) ** 2 + (y - 4) ** 2) / 8).astype(np.float32)
        found = resample(peak, long_side)
        row, column = np.unravel_index(found.argmax(), found.shape)
        assert (column + 0.5) / found.shape[1] == pytest.approx(12.5 / 18, abs=0.09)
        assert (row + 0.5) / found.shape[0] == pytest.approx(4.5 / 12, abs=0.13)
