"""The same desk as the tests of the app have."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.app.gui import Desk, big_photo, desk, make_desk, settings, small_photo  # noqa: E402

__all__ = ["big_photo", "desk", "make_desk", "settings", "small_photo"]


@pytest.fixture
def shared_desk(make_desk: Callable[..., Desk], big_photo: Path) -> Iterator[Desk]:
    """A desk with a photo whose engine answers by itself."""
    made = make_desk(held=False)
    made.open(big_photo)
    made.until(lambda: made.answers)
    yield made
