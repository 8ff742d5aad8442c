"""Several photos: what belongs to one never reaches another, and a lost file loses no crop."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.document.edit import Owner
from app.document.edit_crops import own_crops, turned_edit
from app.export import export_job
from app.photos import photo_loader
from app.shell.photo_presenter import PhotoPresenter
from app.suggest.candidate_strip import CandidateStrip
from app.widgets.notices import Severity
from cropcore.engine.crop_question import CropQuestion
from cropcore.export import export
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT, UPRIGHT
from cropcore.images.photo import Photo
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key


@pytest.fixture
def pair(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Two photos, of which only the first was shown."""
    desk = make_desk(held=False)
    desk.open(write_photo(tmp_path / "a.jpg", 1200, 800), write_photo(tmp_path / "b.jpg", 900, 600))
    desk.until(lambda: all(p.photo for p in desk.window.parts.document.photos))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    return desk


@pytest.fixture
def slow_previews(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Pictures for the screen come once the event is set."""
    go = threading.Event()
    preview = photo_loader.srgb_preview

    def wait(*args: object) -> object:
        go.wait(60)
        return preview(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(photo_loader, "srgb_preview", wait)
    yield go
    go.set()


def test_a_drag_before_the_picture_is_there_changes_no_photo(
    pair: Desk, slow_previews: threading.Event
) -> None:
    first = pair.photo
    before = first.edit
    start = pair.place(0.2, 0.2)
    pair.key(K.Key_PageDown)
    assert pair.photo is not first
    pair.drag(start, start + QPoint(200, 120))
    assert first.edit == before
    assert pair.photo.edit.owner is not Owner.MINE
    slow_previews.set()
    pair.until(lambda: pair.photo.preview is not None)
    pair.key(K.Key_PageUp)
    assert pair.photo is first
    assert pair.window.parts.canvas.crop == before.crop


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each part of the window was shown anew."""
    counts: Counter[str] = Counter()

    def counted(part: type, name: str) -> None:
        show = getattr(part, name)

        def once_more(self: object) -> None:
            counts[name] += 1
            show(self)

        monkeypatch.setattr(part, name, once_more)

    for name in ("show_edit", "show_search", "show_map"):
        counted(PhotoPresenter, name)
    counted(CandidateStrip, "make_pictures")
    return counts


def test_a_step_to_another_photo_shows_each_thing_once(
    shown: Counter[str], pair: Desk, slow_previews: threading.Event
) -> None:
    window = pair.window
    slow_previews.set()
    own = pair.photo.edit.crop
    pair.key(K.Key_PageDown)
    pair.until(lambda: pair.photo.preview is not None and pair.photo.edit.owner is Owner.PROPOSED)
    pair.until(
        lambda: window.parts.shown_candidates.suggestions is pair.photo.suggestion_state.suggestions
    )
    window.parts.editor.suggester.set_map("saliency")
    pair.until(lambda: window.parts.editor.suggester.map is not None)
    shown.clear()
    pair.key(K.Key_PageUp)
    assert set(shown.values()) == {1}, shown
    assert window.parts.canvas.crop == own
    assert [pill.rank for pill in window.parts.canvas.pills()] == list(range(1, 11))


def test_a_picture_that_comes_late_has_everything_over_it(
    pair: Desk, slow_previews: threading.Event
) -> None:
    window = pair.window
    pair.key(K.Key_PageDown)
    pair.until(lambda: pair.photo.edit.owner is Owner.PROPOSED)
    pair.until(
        lambda: window.parts.shown_candidates.suggestions is pair.photo.suggestion_state.suggestions
    )
    assert window.parts.canvas.crop is None
    slow_previews.set()
    pair.until(lambda: pair.photo.preview is not None)
    assert window.parts.canvas.crop == pair.crop
    assert len(window.parts.canvas.pills()) == 10


def test_the_strip_shows_the_photo_though_the_pointer_rests_on_it(
    pair: Desk, slow_previews: threading.Event
) -> None:
    slow_previews.set()
    strip, shown = pair.window.parts.strip, pair.window.parts.shown_candidates
    pair.key(K.Key_PageDown)
    pair.until(
        lambda: (
            shown.suggestions is pair.photo.suggestion_state.suggestions
            and shown.suggestions is not None
        )
    )
    pair.hover(strip.cards[3])
    pair.key(K.Key_PageUp)
    assert shown.suggestions is pair.photo.suggestion_state.suggestions
    pair.leave()


def test_candidates_come_back_with_their_photo(pair: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pair.photo
    pair.key(K.Key_PageDown)
    pair.until(
        lambda: (
            pair.photo.preview is not None and pair.photo.suggestion_state.suggestions is not None
        )
    )
    pair.key(K.Key_PageUp)
    pair.until(lambda: len(pair.window.parts.canvas.pills()) == 10)
    first.preview = None  # as after many other photos
    pair.key(K.Key_PageDown)
    pair.key(K.Key_PageUp)
    pair.until(lambda: pair.photo.preview is not None)
    pair.until(lambda: all(t.has_picture for t in pair.window.parts.strip.cards))
    assert len(pair.window.parts.canvas.pills()) == 10
    pair.key(K.Key_3)
    assert pair.crop == candidate_crops(first.edit.aspect, first.photo)[2]


def test_a_file_that_went_away_takes_no_crop_along(pair: Desk, tmp_path: Path) -> None:
    first = pair.photo
    pair.key(K.Key_2)
    crop = pair.crop
    pair.key(K.Key_PageDown)
    pair.until(lambda: pair.photo.preview is not None)
    (tmp_path / "a.jpg").rename(tmp_path / "elsewhere.jpg")
    first.preview = None
    pair.key(K.Key_PageUp)
    pair.until(lambda: any(text.startswith("a.jpg") for text in pair.notices()))
    assert pair.photo is first
    assert pair.crop == crop
    (tmp_path / "elsewhere.jpg").rename(tmp_path / "a.jpg")
    pair.key(K.Key_PageDown)
    pair.key(K.Key_PageUp)
    pair.until(lambda: pair.window.parts.canvas.crop == crop)


@pytest.fixture
def held_exports(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Exports begin to write once the event is set."""
    go = threading.Event()
    decode = export.decode

    def held(photo: Photo) -> object:
        go.wait(60)
        return decode(photo)

    monkeypatch.setattr(export, "decode", held)
    yield go
    go.set()


def test_an_export_takes_back_no_newer_proposal(pair: Desk) -> None:
    photo, editor = pair.photo, pair.window.parts.editor
    drawn = photo.edit
    other = candidate_crops(drawn.aspect, photo.photo)[4]
    editor.mark_exported(photo.key, "", other, drawn.aspect, UPRIGHT)
    assert photo.edit == drawn
    editor.mark_exported(photo.key, "", drawn.crop, drawn.aspect, UPRIGHT)
    assert photo.edit.owner is Owner.MINE
    assert photo.edit.crop == drawn.crop


def test_an_exported_crop_is_the_persons_own_whichever_is_in_hand_by_then(
    pair: Desk, held_exports: threading.Event
) -> None:
    pair.key(K.Key_2)
    pair.key(K.Key_N)
    proposed = pair.crop
    assert pair.photo.edit.owner is Owner.PROPOSED
    pair.window.parts.exporter.export_crop()
    pair.key(K.Key_N, Qt.KeyboardModifier.ShiftModifier)
    before = pair.crop
    with pair.qtbot.waitSignal(pair.window.parts.exporter.finished, timeout=20_000):
        held_exports.set()
    assert pair.crop == before
    assert [kept.crop for kept in own_crops(pair.photo.edit)] == [before, proposed]


def test_a_photo_that_was_turned_while_it_was_exported_is_left_alone(
    pair: Desk, held_exports: threading.Event
) -> None:
    last = pair.window.parts.document.photos[-1]
    assert last.edit.owner is Owner.WHOLE
    pair.window.parts.exporter.export_photos()
    pair.window.parts.document.amend(last, turned_edit(last.edit, TURN_RIGHT))
    with pair.qtbot.waitSignal(pair.window.parts.exporter.finished, timeout=20_000):
        held_exports.set()
    assert last.edit.owner is Owner.WHOLE


def test_an_export_goes_on_when_its_notice_is_closed(
    pair: Desk, held_exports: threading.Event
) -> None:
    pair.window.parts.actions["export_photos"].trigger()
    (notice,) = pair.window.parts.notices.notices
    notice.close_notice()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with pair.qtbot.waitSignal(pair.window.parts.exporter.finished) as done:
        held_exports.set()
    assert done.args == [2]
    assert any("2 files exported" in text for text in pair.notices())


def test_a_window_that_is_closed_lets_the_export_end_first(
    pair: Desk, held_exports: threading.Event
) -> None:
    warning = "Exporting 2 more files. Close again to stop."
    pair.window.parts.actions["export_photos"].trigger()
    assert not pair.window.close()
    assert pair.window.isVisible()
    assert warning in pair.notices()
    with pair.qtbot.waitSignal(pair.window.parts.exporter.finished) as done:
        held_exports.set()
    assert done.args == [2]
    assert not any("Close again" in text for text in pair.notices())
    assert pair.window.close()


def test_a_window_that_is_closed_twice_stops_the_export(
    pair: Desk,
    held_exports: threading.Event,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancel = export_job.ExportJob.cancel

    def cancel_and_go_on(job: export_job.ExportJob) -> None:
        cancel(job)
        held_exports.set()

    monkeypatch.setattr(export_job.ExportJob, "cancel", cancel_and_go_on)
    pair.window.parts.actions["export_photos"].trigger()
    assert not pair.window.close()
    assert pair.window.close()
    assert not pair.window.isVisible()
    assert not pair.window.parts.engine.isRunning()
    assert list(tmp_path.glob("Cropsight/*")) == []


def test_an_export_names_the_photos_that_the_engine_failed_on(
    pair: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(pair.engine, "answer", fail)
    for _ in range(2):
        with pair.qtbot.waitSignal(pair.window.parts.exporter.finished) as done:
            pair.window.parts.exporter.export_photos([Aspect.parse("1:1")])
        assert done.args == [2]
        (told,) = (n for n in pair.window.parts.notices.notices if "files exported" in n.text)
        assert told.kind is Severity.WARNING
        assert "cropped at the centre: a.jpg, b.jpg." in told.text
        assert [b.text() for b in told.findChildren(QPushButton)].count("Show") == 1


def test_a_path_that_cannot_be_looked_at_is_named(
    pair: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    def refuse(self: Path, **more: bool) -> os.stat_result:
        if self.name == "locked":
            raise PermissionError(13, "Permission denied")
        return stat(self, **more)

    monkeypatch.setattr(Path, "stat", refuse)
    pair.window.open_paths([tmp_path / "locked", write_photo(tmp_path / "c.jpg", 300, 200)])
    pair.until(lambda: any("locked" in text for text in pair.notices()))


def test_the_score_follows_the_method(pair: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_method(
        scene: object, crops: list[Crop], question: CropQuestion, *_: object, **__: object
    ):
        return [61.0 if question.method == "asm" else 42.0] * len(crops)

    monkeypatch.setattr(pair.engine, "calibrated", by_method)
    pair.draw_crop((0.1, 0.1, 0.6, 0.5))
    pair.key(K.Key_Right)
    pair.until(lambda: pair.window.parts.editor.suggester.score == 42.0)
    pair.window.parts.editor.set_method("asm")
    pair.until(lambda: pair.window.parts.editor.suggester.score == 61.0)
    assert "61" in pair.window.parts.editor.suggester.label()


def test_a_failed_question_leaves_no_old_score(pair: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.key(K.Key_3)
    pair.key(K.Key_Right)
    pair.until(lambda: pair.window.parts.editor.suggester.score is not None)

    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(pair.engine, "calibrated", fail)
    pair.key(K.Key_Right)
    pair.until(lambda: any("out of memory" in text for text in pair.notices()))
    assert pair.window.parts.editor.suggester.score is None


def test_a_photo_without_suggestions_is_said_to_have_none(
    make_desk: Callable[..., Desk], small_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(photo: object) -> object:
        raise RuntimeError("out of memory")

    desk = make_desk(held=False)
    monkeypatch.setattr(desk.engine, "encode", fail)
    desk.open(small_photo)
    desk.until(lambda: any("out of memory" in text for text in desk.notices()))
    assert [label.text() for label in desk.window.parts.strip.findChildren(QLabel)] == [
        "No suggestions for this photo."
    ]


def test_a_map_that_fails_takes_no_suggestions_away(
    pair: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> object:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(pair.engine, "maps", fail)
    pair.window.parts.editor.suggester.set_map("saliency")
    pair.until(lambda: "a.jpg: No map (out of memory)." in pair.notices())
    assert len(pair.photo.current_suggestions.candidates) == 10
    assert len(pair.window.parts.canvas.pills()) == 10


@pytest.mark.parametrize("shown", [True, False])
def test_a_changed_file_that_is_opened_again_keeps_the_crop(
    pair: Desk, tmp_path: Path, shown: bool
) -> None:
    first, asked = pair.photo, pair.engine.asked
    pair.key(K.Key_2)
    crop = pair.crop
    if not shown:
        pair.key(K.Key_PageDown)
        pair.until(
            lambda: (
                pair.photo.suggestion_state.suggestions is not None
                and pair.photo.preview is not None
            )
        )
    write_photo(tmp_path / "a.jpg", 500, 800)
    count = len(asked)
    pair.window.open_paths([tmp_path / "a.jpg"])
    pair.until(lambda: first.width == 500 and first.preview is not None)
    pair.until(lambda: first.current_suggestions is not None)
    assert pair.photo is first
    assert pair.crop == crop
    assert first.edit.owner is Owner.MINE
    assert len(asked) == count + 1
    expected = candidate_crops(first.edit.aspect, first.photo)
    assert [c.crop for c in first.suggestion_state.suggestions.candidates] == list(expected)
    pair.until(lambda: len(pair.window.parts.canvas.pills()) == 10)
    assert "500 × 800" in pair.window.parts.status_bar.photo.text()
    assert (first.preview.width(), first.preview.height()) == (500, 800)
    with pair.qtbot.waitSignal(pair.window.parts.exporter.finished) as done:
        pair.window.parts.actions["export"].trigger()
    assert done.args == [1]
    assert not any("since it was opened" in text for text in pair.notices())


def test_a_file_that_is_opened_again_unchanged_is_asked_about_once(
    pair: Desk, tmp_path: Path
) -> None:
    first, before, count = pair.photo, pair.photo.edit, len(pair.engine.asked)
    with pair.qtbot.waitSignal(pair.window.parts.opener._loader.previewed):
        pair.window.open_paths([tmp_path / "a.jpg"])
    assert pair.photo is first
    assert first.edit == before
    assert len(pair.engine.asked) == count
    assert len(pair.window.parts.canvas.pills()) == 10
