"""Crops of a straightened photo: dragged, nudged, typed, shown and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from app.canvas.crop_view import ViewMode
from app.document.edit import Owner
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import as_box, keeps, nudged, pixels, refit, typed
from cropcore.geometry.straighten import fit_inside
from tests.app.helpers.gui import Desk
from tests.app.helpers.straighten_hand import SHIFT, draw_own, inside, straighten
from tests.cropcore.helpers.rotated import inside_rotated


@pytest.fixture
def own(quick: Desk) -> Desk:
    return draw_own(quick)


@pytest.mark.parametrize("angle", [3.0, -14.0])
@pytest.mark.parametrize("aspect", ["free", "4:5", "circle"])
def test_no_drag_reaches_over_the_straightened_photo(own: Desk, angle: float, aspect: str) -> None:
    own.window.parts.editor.set_aspect(Aspect.parse(aspect))
    straighten(own, angle)
    for target in (QPoint(2000, -900), QPoint(-900, 40), QPoint(60, 1500)):
        box = own.crop.box
        middle = own.place((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        own.drag(middle, middle + target)
        assert inside(own)
        for corner in ((box[2], box[3]), (box[0], box[1])):
            steps = own.undo_count
            own.drag(own.place(*corner), own.place(*corner) + target)
            assert inside(own)
            assert own.undo_count <= steps + 1
            if aspect != "free":
                ratio = 1.0 if aspect == "circle" else 0.8
                assert keeps(own.crop, ratio, 1200, 800)
    assert own.crop.angle == angle


def test_a_resize_at_an_angle_keeps_the_opposite_corner(own: Desk) -> None:
    straighten(own, 8)
    left, top, right, bottom = own.crop.box
    corner = own.place(right, bottom)
    own.drag(corner, corner + QPoint(1500, 1200))
    assert own.crop.box[:2] == pytest.approx((left, top), abs=1e-9)
    assert own.crop.box[2] > right
    assert inside(own)


def test_arrows_stop_at_the_edge_without_sliding(own: Desk) -> None:
    straighten(own, 10)
    top = own.crop.box[1]
    for _ in range(60):
        own.key(Qt.Key.Key_Right, SHIFT)
    assert inside(own)
    assert own.crop.box[1] == pytest.approx(top, abs=1e-12)
    last = own.crop
    own.key(Qt.Key.Key_Right, SHIFT)
    np.testing.assert_allclose(own.crop.box, last.box, atol=1e-9)


angles = st.floats(0.1, 45).flatmap(lambda a: st.sampled_from([a, -a]))
shares = st.floats(0.0, 1.0)
crops_at = st.tuples(
    st.integers(300, 7000), st.integers(300, 7000), angles, shares, shares, shares, shares
)
aspects = st.sampled_from(["free", "original", "1:1", "4:5", "16:9", "1:2", "circle"])


def made(spec: tuple[int, int, float, float, float, float, float]) -> tuple[Crop, int, int]:
    width, height, angle, *sides = spec
    (x1, x2), (y1, y2) = sorted(sides[:2]), sorted(sides[2:])
    box = fit_inside((x1, y1, x2 + 0.05, y2 + 0.05), width, height, angle)
    return Crop(as_box(box), "rect", angle), width, height


@settings(max_examples=80, deadline=None)
@given(crops_at, aspects)
def test_another_ratio_stays_inside_and_holds_to_a_pixel(
    spec: tuple[int, int, float, float, float, float, float], text: str
) -> None:
    crop, width, height = made(spec)
    aspect = Aspect.parse(text)
    fitted = refit(crop, aspect, width, height)
    assert fitted.angle == crop.angle
    assert inside_rotated(fitted.box, width, height, crop.angle)
    ratio = aspect.ratio_for(width, height)
    if ratio is not None:
        assert keeps(fitted, ratio, width, height)
    assert refit(fitted, aspect, width, height) == fitted


@settings(max_examples=80, deadline=None)
@given(
    crops_at,
    aspects,
    st.integers(-9000, 9000),
    st.sampled_from(["left", "top", "width", "height"]),
)
def test_nudges_and_typed_numbers_stay_inside(
    spec: tuple[int, int, float, float, float, float, float], text: str, value: int, side: str
) -> None:
    crop, width, height = made(spec)
    aspect = Aspect.parse(text)
    crop = refit(crop, aspect, width, height)
    moved = nudged(crop, value, 0, width, height)
    assert inside_rotated(moved.box, width, height, crop.angle)
    assert moved.box[1] == pytest.approx(crop.box[1], abs=1e-9)
    changed = typed(crop, aspect, side, value, width, height)  # type: ignore[arg-type]
    assert inside_rotated(changed.box, width, height, crop.angle)
    ratio = aspect.ratio_for(width, height)
    if ratio is not None:
        assert keeps(changed, ratio, width, height)
    near = pixels(changed, aspect, width, height)
    assert min(near[2:]) >= 1


def _grab_result(desk: Desk) -> np.ndarray:
    """The result alone as it is on the screen, (h, w, 3)."""
    canvas = desk.window.parts.canvas
    desk.window.presenter.set_mode(ViewMode.RESULT)
    desk.until(lambda: canvas.photo.is_ready)
    canvas.grab()
    desk.until(lambda: canvas.photo.is_exact or not canvas.pose.angle)
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rect = canvas.crop_rect(desk.crop.box).toRect()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shown = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    desk.window.presenter.set_mode(ViewMode.EDIT)
    return shown[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1].copy()


@pytest.mark.parametrize("angle", [0.0, 6.0])
@pytest.mark.parametrize("keys", ["", "]", "]]H", "[V"])
def test_the_file_is_what_the_screen_shows(
    make_desk: Callable[..., Desk], tmp_path: Path, angle: float, keys: str
) -> None:
    astronaut = pytest.importorskip("skimage.data").astronaut()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(astronaut).resize((900, 600)).save(
        tmp_path / "a.jpg", quality=97, subsampling=0, exif=exif
    )
    desk = make_desk(held=False)
    desk.open(tmp_path / "a.jpg")
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.key(Qt.Key.Key_F)
    desk.window.parts.editor.finish_drag(Crop((0.2, 0.3, 0.85, 0.75)), "Draw")
    names = {"]": "turn_right", "[": "turn_left", "H": "flip", "V": "flip_down"}
    for key in keys:
        desk.window.parts.actions[names[key]].trigger()
    if angle:
        straighten(desk, angle)
    shown = _grab_result(desk)
    with desk.qtbot.waitSignal(desk.window.parts.exporter.finished):
        desk.window.parts.exporter.export_crop()
    (path,) = (tmp_path / "Cropsight").iterdir()
    with Image.open(path) as written:
        assert written.getexif().get(0x0112, 1) == 1
        _, _, wide, high = pixels(desk.crop, Aspect("free"), desk.photo.width, desk.photo.height)
        assert written.size == (wide, high)
        file = np.asarray(written.resize((shown.shape[1], shown.shape[0]), Image.Resampling.BOX))
    apart = np.abs(file.astype(int) - shown.astype(int))[4:-4, 4:-4]
    assert apart.mean() < 6
    other = np.abs(file[::-1].astype(int) - shown.astype(int))
    assert other.mean() > 20


def test_before_shows_the_photo_unstraightened(own: Desk) -> None:
    straighten(own, 12)
    own.window.presenter.set_mode(ViewMode.BEFORE)
    assert own.window.parts.canvas.pose.angle == 0
    own.window.presenter.set_mode(ViewMode.EDIT)
    assert own.window.parts.canvas.pose.angle == 12
