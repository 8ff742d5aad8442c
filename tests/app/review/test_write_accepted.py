"""What is accepted in a review is written: to files, and to sidecars."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.document.edit import Owner
from app.widgets.notices import Severity
from cropcore.geometry.crop import Crop
from cropcore.sidecar.store import SidecarStore, default_library
from tests.app.helpers.gui import Desk
from tests.app.helpers.review_hand import (
    CONTROL,
    SHIFT,
    K,
    begin_four,
    click_in_notice,
    hold_files,
    press,
    write,
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def free(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(held=False)


@pytest.fixture
def four(free: Desk, tmp_path: Path, out: Path) -> Desk:
    return begin_four(free, tmp_path, out)


@pytest.fixture
def held_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    go = hold_files(monkeypatch)
    yield go
    go.set()


def test_one_bad_file_is_named_and_the_rest_is_written(four: Desk, out: Path) -> None:
    for _ in range(4):
        press(four, K.Key_Return)
    bad = four.window.parts.document.photos[1].path
    bad.write_bytes(bad.read_bytes()[:900])
    write(four, 3)
    assert len(list(out.iterdir())) == 3
    (error,) = [n.text for n in four.window.parts.notices.notices if n.kind is Severity.ERROR]
    assert error.startswith(bad.name)
    assert "3 accepted crops written to out" in four.notices()
    click_in_notice(four, "Other editors …")
    assert "Write 4 crops for another editor:" in four.notices()
    four.window.parts.review_mode.leave()
    assert four.notices()[-1] == "Review left. Accepted and not written yet: 1."


def test_a_folder_that_is_none_floods_nobody(four: Desk, out: Path) -> None:
    out.write_text("a file in its place")
    for _ in range(4):
        press(four, K.Key_Return)
    write(four, 0)
    (error,) = [n for n in four.window.parts.notices.notices if n.kind is Severity.ERROR]
    assert "out is not a folder" in error.text
    assert error.text.endswith("3 more like it.")
    assert error.details is not None
    assert len(error.details.text.splitlines()) == 4
    assert out.read_text() == "a file in its place"


def test_nothing_accepted_is_nothing_written(four: Desk, out: Path) -> None:
    press(four, K.Key_E, CONTROL)
    assert four.notices()[-1] == "Nothing is accepted yet."
    assert not out.exists()


def test_writing_can_be_cancelled(four: Desk, out: Path, held_files: threading.Event) -> None:
    for _ in range(4):
        press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: list(out.glob("*.jpg")))
    with four.qtbot.waitSignal(four.window.parts.review_mode.files.finished) as done:
        click_in_notice(four, "Cancel")
        held_files.set()
    assert done.args == [1]
    assert len(list(out.iterdir())) == 1
    assert "The rest was cancelled." in four.notices()[-1]


def test_deciding_goes_on_while_files_are_written(
    four: Desk, out: Path, held_files: threading.Event
) -> None:
    press(four, K.Key_Return)
    first = four.window.parts.document.photos[0]
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.parts.review_mode.files.is_running and list(out.glob("*.jpg")))
    press(four, K.Key_Return)
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    assert four.photo is first
    press(four, K.Key_5)
    four.key(K.Key_E, CONTROL)
    with four.qtbot.waitSignals([four.window.parts.review_mode.files.finished] * 2):
        held_files.set()
    assert len(list(out.iterdir())) == 3, "what was asked for while files were written comes next"
    assert four.window.parts.review_mode.review.unwritten == 0


def test_closing_waits_for_files(four: Desk, held_files: threading.Event) -> None:
    press(four, K.Key_Return)
    press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.parts.review_mode.files.is_running)
    four.window.close()
    assert four.window.isVisible()
    assert "Close again to stop." in four.notices()[-1]
    held_files.set()
    four.window.close()
    assert not four.window.isVisible()


def saved_crops(desk: Desk, path: Path) -> list[Crop]:
    found = SidecarStore(default_library()).load(path).sidecar
    return [saved.crop for saved in found.crops] if found else []


def test_accepted_crops_are_the_persons_own_in_the_sidecar(four: Desk) -> None:
    first = four.photo
    press(four, K.Key_3)
    third = four.crop
    press(four, K.Key_Return)
    four.until(lambda: saved_crops(four, first.path) == [third])
    press(four, K.Key_PageUp)
    press(four, K.Key_Right)
    nudged = four.crop
    four.until(lambda: saved_crops(four, first.path) == [nudged])
    for _ in range(2):
        press(four, K.Key_Z, CONTROL)
    four.until(lambda: saved_crops(four, first.path) == [])
    press(four, K.Key_Z, CONTROL | SHIFT)
    four.until(lambda: saved_crops(four, first.path) == [third])
    four.window.parts.review_mode.leave()
    four.drop(first.path)
    four.until(lambda: four.photo.path == first.path and four.crop == third)
    assert four.photo.edit.owner is Owner.MINE
