"""The tests of the canvas on screens whose pixels are denser: each scale factor needs a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TELLING = (
    "test_painter.py::test_the_frame_is_one_white_pixel_over_three_dark_ones",
    "test_painter.py::test_at_100_per_cent_every_pixel_is_the_photos_own",
    "test_painter.py::test_a_turned_photo_is_shown_as_the_core_turns_it",
    "test_crop_tool.py::TestCropDrags",
    "test_crop_view.py::TestZoomAndPan::test_the_wheel_zooms_about_the_cursor",
    "test_candidate_marks.py::TestCandidates::test_a_click_on_a_pill_takes_it",
    "test_corner_turn.py::test_the_photo_turns_with_the_pointer",
)
"""Lines on whole pixels, the photo's own pixels, and places of the mouse."""


def run(factor: str, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests of this folder with a factor by which the screen has more pixels."""
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": factor,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }
    # Among the workers of a run in parallel this one is on its own.
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_the_most_telling_ones_hold_where_pixels_are_fractions() -> None:
    done = run("1.5", *(str(HERE / test) for test in TELLING))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_all_of_the_canvas_holds_on_dense_screens(factor: str) -> None:
    others = (str(path) for path in sorted(HERE.glob("test_*.py")) if path != Path(__file__))
    done = run(factor, *others)
    assert done.returncode == 0, done.stdout + done.stderr
