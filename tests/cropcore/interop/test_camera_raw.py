"""Camera Raw's crop against darktable's own rendering, and there and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import Orientation
from cropcore.geometry.straighten import fit_inside
from cropcore.interop.camera_raw import CameraRawCrop, from_camera_raw, to_camera_raw

STRAIGHT = CameraRawCrop(0.3, 0.2, 0.8, 0.7)
PUBLISHED = CameraRawCrop(0.374965, 0.36916, 0.925035, 0.73084, -10)
CLOCKWISE = CameraRawCrop(0.15, 0.3, 0.7, 0.8, 6)

# darktable 4.2.1 of a 600 x 400 photo: size of what it cuts, and where in the stored pixels its four
# corners lie, clockwise from the upper left one, read from the colours that it rendered.
RENDERED = [
    (STRAIGHT, 1, (300, 200), [(180, 79), (480, 79), (480, 279), (180, 279)]),
    (STRAIGHT, 2, (300, 200), [(482, 79), (183, 79), (183, 279), (482, 279)]),
    (STRAIGHT, 3, (300, 200), [(482, 281), (183, 281), (183, 81), (482, 81)]),
    (STRAIGHT, 4, (300, 200), [(179, 281), (478, 281), (478, 81), (179, 81)]),
    (STRAIGHT, 5, (200, 300), [(180, 79), (180, 279), (480, 279), (480, 79)]),
    (STRAIGHT, 6, (200, 300), [(179, 281), (179, 81), (478, 81), (478, 281)]),
    (STRAIGHT, 7, (200, 300), [(482, 281), (482, 81), (183, 81), (183, 281)]),
    (STRAIGHT, 8, (200, 300), [(482, 79), (482, 279), (183, 279), (183, 79)]),
    (PUBLISHED, 1, (299, 199), [(225, 147), (519, 95), (554, 291), (259, 343)]),
    (PUBLISHED, 2, (299, 199), [(521, 95), (228, 147), (262, 342), (556, 290)]),
    (PUBLISHED, 3, (299, 199), [(556, 293), (263, 345), (229, 150), (522, 98)]),
    (PUBLISHED, 4, (299, 199), [(260, 345), (553, 294), (518, 98), (225, 150)]),
    (PUBLISHED, 5, (199, 299), [(225, 147), (259, 342), (552, 291), (518, 96)]),
    (PUBLISHED, 6, (199, 299), [(260, 345), (225, 150), (518, 98), (553, 294)]),
    (PUBLISHED, 7, (199, 299), [(556, 293), (522, 98), (229, 150), (263, 345)]),
    (PUBLISHED, 8, (199, 299), [(521, 95), (556, 290), (262, 342), (228, 147)]),
    (CLOCKWISE, 1, (349, 164), [(89, 120), (436, 156), (419, 319), (72, 283)]),
    (CLOCKWISE, 2, (349, 164), [(437, 156), (92, 120), (75, 282), (420, 318)]),
    (CLOCKWISE, 3, (349, 164), [(419, 320), (74, 284), (91, 121), (436, 158)]),
    (CLOCKWISE, 4, (349, 164), [(72, 283), (417, 319), (434, 157), (89, 121)]),
    (CLOCKWISE, 5, (164, 349), [(89, 120), (72, 282), (417, 318), (434, 156)]),
    (CLOCKWISE, 6, (164, 349), [(72, 283), (89, 121), (434, 157), (417, 319)]),
    (CLOCKWISE, 7, (164, 349), [(419, 320), (436, 158), (91, 121), (74, 284)]),
    (CLOCKWISE, 8, (164, 349), [(437, 156), (420, 318), (75, 282), (92, 120)]),
]
WIDTH, HEIGHT = 600, 400


def shown_size(orientation: Orientation) -> tuple[int, int]:
    return (HEIGHT, WIDTH) if orientation.swaps_sides else (WIDTH, HEIGHT)


def stored_corners(crop: Crop, orientation: Orientation) -> list[tuple[float, float]]:
    """Where the corners of a crop lie in the stored pixels, by turning points one by one."""
    width, height = shown_size(orientation)
    canvas = rotated_size(width, height, crop.angle)
    cos, sin = math.cos(math.radians(crop.angle)), math.sin(math.radians(crop.angle))
    x1, y1, x2, y2 = crop.box
    corners = []
    for u, v in ((x1, y1), (x2, y1), (x2, y2), (x1, y2)):
        dx, dy = (u - 0.5) * canvas[0], (v - 0.5) * canvas[1]
        # The photo was turned clockwise by the angle, so the point goes back the other way.
        dx, dy = dx * cos + dy * sin, -dx * sin + dy * cos
        for _ in range(orientation.rotation // 90):
            dx, dy = dy, -dx
        if orientation.mirrored:
            dx = -dx
        corners.append((WIDTH / 2 + dx, HEIGHT / 2 + dy))
    return corners


@pytest.mark.parametrize(("values", "exif", "size", "corners"), RENDERED)
def test_it_means_what_darktable_cuts(
    values: CameraRawCrop, exif: int, size: tuple[int, int], corners: list[tuple[int, int]]
) -> None:
    orientation = Orientation.of_exif(exif)
    found = from_camera_raw(values, *shown_size(orientation), orientation)
    assert found is not None
    crop, mended = found
    assert not mended
    canvas = rotated_size(*shown_size(orientation), crop.angle)
    wide, high = (crop.box[2] - crop.box[0]) * canvas[0], (crop.box[3] - crop.box[1]) * canvas[1]
    assert abs(wide - size[0]) < 1.5
    assert abs(high - size[1]) < 1.5
    assert np.abs(np.subtract(stored_corners(crop, orientation), corners)).max() < 5


def test_the_published_case() -> None:
    """3:2, from .4, .3 to .9, .8 at 0 degrees, and the same frame at -10."""
    level = from_camera_raw(CameraRawCrop(0.4, 0.3, 0.9, 0.8), 600, 400, Orientation())
    turned = from_camera_raw(PUBLISHED, 600, 400, Orientation())
    assert level is not None
    assert turned is not None
    canvas = rotated_size(600, 400, 10)
    x1, y1, x2, y2 = turned[0].box
    assert level[0].box == pytest.approx((0.4, 0.3, 0.9, 0.8))
    assert ((x2 - x1) * canvas[0], (y2 - y1) * canvas[1]) == pytest.approx((300, 200), abs=0.3)
    assert turned[0].angle == 10  # what is cut out looks turned clockwise


sides = st.floats(0.02, 0.98)


@given(
    st.tuples(sides, sides, sides, sides),
    st.floats(-44, 44),
    st.integers(1, 8),
    st.sampled_from([(600, 400), (4000, 6000), (801, 800)]),
)
def test_there_and_back(
    box: tuple[float, float, float, float], angle: float, exif: int, size: tuple[int, int]
) -> None:
    x1, x2 = sorted((box[0], box[2]))
    y1, y2 = sorted((box[1], box[3]))
    assume(x2 - x1 > 0.02)
    assume(y2 - y1 > 0.02)
    angle = round(angle, 6)  # as it is written
    fitted = fit_inside((x1, y1, x2, y2), *size, angle).tolist()
    crop = Crop((fitted[0], fitted[1], fitted[2], fitted[3]), "rect", angle)
    orientation = Orientation.of_exif(exif)
    values = to_camera_raw(crop, *size, orientation)
    written = CameraRawCrop(
        *(round(v, 6) for v in (values.left, values.top)),
        *(round(v, 6) for v in (values.right, values.bottom)),
        values.angle,
    )
    back = from_camera_raw(written, *size, orientation)
    assert back is not None
    assert np.abs(np.subtract(back[0].box, crop.box)).max() < 1e-5
    assert back[0].angle == pytest.approx(angle, abs=1e-9)
    assert not back[1]


@pytest.mark.parametrize(
    ("values", "box"),
    [
        ((0.8, 0.7, 0.2, 0.3, 0.0), (0.2, 0.3, 0.8, 0.7)),  # upside down
        ((-0.2, 0.1, 0.5, 0.6, 0.0), (0.0, 0.1, 0.5, 0.6)),  # over the edge
    ],
)
def test_what_is_clear_is_set_right(
    values: tuple[float, float, float, float, float], box: tuple[float, float, float, float]
) -> None:
    found = from_camera_raw(CameraRawCrop(*values), 600, 400, Orientation())
    assert found is not None
    assert found[0].box == pytest.approx(box)
    assert found[1]


@pytest.mark.parametrize(
    "values",
    [
        (math.nan, 0.1, 0.5, 0.6, 0.0),
        (0.1, 0.1, 0.5, math.inf, 0.0),
        (0.1, 0.1, 0.5, 0.6, 45.5),
        (0.1, 0.1, 0.5, 0.6, -90.0),
        (0.5, 0.1, 0.5, 0.6, 0.0),
        (1.2, 0.1, 1.5, 0.6, 0.0),
        (-3.0, -3.0, -2.0, -2.5, 7.0),
    ],
)
def test_what_makes_no_sense_is_no_crop(
    values: tuple[float, float, float, float, float],
) -> None:
    assert from_camera_raw(CameraRawCrop(*values), 600, 400, Orientation()) is None


def test_a_wide_frame_at_a_large_angle_has_its_corners_crossed() -> None:
    """Its upper left corner lies lower than the lower right one; that is no crop upside down."""
    fitted = fit_inside((0.2, 0.45, 0.8, 0.55), 600, 400, 40).tolist()
    crop = Crop((fitted[0], fitted[1], fitted[2], fitted[3]), "rect", 40.0)
    values = to_camera_raw(crop, 600, 400, Orientation())
    assert values.top > values.bottom
    back = from_camera_raw(values, 600, 400, Orientation())
    assert back is not None
    assert back[0].box == pytest.approx(crop.box)
    assert not back[1]
