"""Batches in the window: run, held, stopped, told of, and offered again."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.batch.batch_order import BatchOrder, BatchRecords, UnfinishedBatch
from app.batch.batch_thread import BatchResult
from app.batch.running_batch import RunningBatch
from app.batch.search_thread import SearchResult
from app.document.edit import Owner
from cropcore.batch.journal import LOCK, NAME
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.batch.review import FoundCrop
from cropcore.files.file_lock import locked
from cropcore.files.user_dirs import batches_dir, samples_dir
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.orientation import Orientation
from cropcore.images.output_size import Size
from cropcore.job_control import JobControl
from tests.app.helpers.batch_photos import Pile, made, make_pile
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key
TWO = Preset(
    "Shop", (Aspect.parse("4:5"), Aspect.parse("1:1")), sizes=(Size(80, 100), None), format="jpeg"
)


@pytest.fixture
def pile(tmp_path: Path) -> Pile:
    return make_pile(tmp_path / "photos", 21, bad_every=7)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def free(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(held=False)


def batching(desk: Desk) -> RunningBatch:
    return desk.window.parts.running_batch


def run(desk: Desk, order: BatchOrder) -> BatchResult:
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        assert batching(desk).start(order)
    return ended.args[0]


def say(desk: Desk) -> str:
    return batching(desk).bar.text.full_text


def records() -> list[Path]:
    return list(batches_dir().glob("*.json"))


def button(desk: Desk, text: str) -> QPushButton:
    found = [b for b in batching(desk).bar.findChildren(QPushButton) if b.text() == text]
    return found[-1]


def test_every_good_one_is_made_and_every_bad_one_named(free: Desk, pile: Pile, out: Path) -> None:
    end = run(free, BatchOrder(TWO, pile.paths, out))
    assert (end.written, end.there, end.error) == (36, 0, "")
    assert len(made(out)) == 36
    for path in pile.good:
        with Image.open(out / f"{path.stem}_4x5_1.jpg") as tall:
            assert tall.size == (80, 100)
            assert tall.getexif()[0x010F] == "Cropsight tests"
            assert tall.info["icc_profile"]
        with Image.open(out / f"{path.stem}_1x1_1.jpg") as square:
            assert square.width == square.height
    failures = batching(free).failures.failures
    assert [m.path for m in failures] == pile.bad
    assert "incomplete" in failures[0].reason
    assert "empty" in failures[1].reason
    assert say(free) == "36 files written"
    assert button(free, "3 failed").isVisible()
    document = json.loads((out / "report.json").read_text())
    assert document["totals"]["made"] == 36
    assert len(document["failures"]) == 3
    assert end.report == out / "report.html"
    assert records() == []
    # The first crop of each can go to other editors as well.
    assert [(path, str(aspect)) for path, _, aspect in end.crops] == [
        (path, str(TWO.aspects[0])) for path in pile.good
    ]
    button(free, "Other editors …").click()
    assert f"Write {len(pile.good)} crops for another editor:" in free.notices()


def test_failures_are_listed_and_copied(free: Desk, pile: Pile, out: Path) -> None:
    run(free, BatchOrder(TWO, pile.paths, out))
    free.click(button(free, "3 failed"))
    listed = batching(free)._failure_list
    assert listed is not None
    assert listed.isVisible()
    assert not listed.isModal()
    free.until(listed.isActiveWindow)
    free.click(listed.copy_button)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in copied] == [str(p) for p in pile.bad]
    listed.list.setCurrentIndex(listed.list.model().index(1, 0))
    QTest.keyClick(listed.list, K.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith(str(pile.bad[1]))
    QTest.keyClick(listed, K.Key_Escape)
    assert not listed.isVisible()


def test_what_is_there_is_not_made_again(free: Desk, pile: Pile, out: Path) -> None:
    run(free, BatchOrder(TWO, pile.paths[:9], out, report=False))
    before = {p: p.stat().st_mtime_ns for p in made(out)}
    asked = len(free.engine.asked)
    end = run(free, BatchOrder(TWO, pile.paths, out, report=False))
    assert (end.written, end.there) == (20, 16)
    assert len(free.engine.asked) == asked + 20
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert len(made(out)) == 36
    assert say(free) == "20 files written   ·   16 were there already"


def test_small_crops_are_skipped_with_the_reason(free: Desk, pile: Pile, out: Path) -> None:
    preset = Preset("Large", (Aspect.parse("1:1"),), min_pixels=5000)
    end = run(free, BatchOrder(preset, tuple(pile.good[:2]), out, report=False))
    assert end.written == 0
    failures = batching(free).failures.failures
    assert [m.kind for m in failures] == ["skipped", "skipped"]
    assert "5000 pixels" in failures[0].reason
    assert button(free, "2 skipped").isVisible()


def test_the_person_comes_first(desk: Desk, pile: Pile, out: Path, small_photo: Path) -> None:
    desk.open(small_photo)
    desk.deliver()
    batching(desk).start(BatchOrder(TWO, tuple(pile.good[:3]), out, report=False))
    desk.until(lambda: desk.engine.running)
    desk.click(desk.window.parts.aspect_panel.chips["9:16"])
    before = len(desk.engine.asked)
    desk.engine.deliver_next()
    desk.until(lambda: len(desk.engine.asked) > before)
    assert str(desk.engine.asked[-1]) == "9:16"
    desk.deliver()
    with desk.qtbot.waitSignal(batching(desk).ended):
        desk.engine.let_all_go()
    assert desk.engine.most_running == 1
    assert len(made(out)) == 6
    assert desk.photo.edit.owner is Owner.PROPOSED


def test_a_batch_is_held_and_goes_on(
    desk: Desk, pile: Pile, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds, wait = threading.Event(), JobControl.wait

    def hold(control: JobControl) -> None:
        holds.set()
        wait(control)

    monkeypatch.setattr(JobControl, "wait", hold)
    batching(desk).start(BatchOrder(TWO, tuple(pile.good), out, report=False))
    desk.until(lambda: desk.engine.running)
    desk.click(batching(desk).bar.pause_button)
    assert batching(desk).bar.pause_button.text() == "Resume"
    desk.engine.let_all_go()
    desk.until(lambda: holds.is_set() and say(desk).startswith("Paused at"))
    held = len(made(out))
    assert held < 36
    desk.qtbot.wait(150)
    assert len(made(out)) == held
    with desk.qtbot.waitSignal(batching(desk).ended):
        desk.click(batching(desk).bar.pause_button)
    assert len(made(out)) == 36


def test_a_batch_is_cancelled(desk: Desk, pile: Pile, out: Path) -> None:
    batching(desk).start(BatchOrder(TWO, tuple(pile.good), out))
    desk.until(lambda: desk.engine.running)
    assert not batching(desk).start(BatchOrder(TWO, tuple(pile.good), out))
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        desk.click(batching(desk).bar.cancel_button)
        desk.engine.let_all_go()
    assert ended.args[0].given_up
    assert ended.args[0].written == len(made(out)) < 36
    assert "the rest was cancelled" in say(desk)
    assert list(batching(desk).failures.failures) == []
    assert records() == []
    assert not list(out.glob("report*"))
    assert not list(out.glob(".*"))
    # Begun again, it takes what it wrote for what it is.
    end = run(desk, BatchOrder(TWO, tuple(pile.good), out))
    assert end.there == ended.args[0].written
    assert len(made(out)) == end.written + end.there == 36


def test_a_batch_that_is_cancelled_halfway_leaves_its_files_and_nothing_hidden(
    desk: Desk, pile: Pile, out: Path
) -> None:
    order = BatchOrder(TWO, tuple(pile.good), out)
    batching(desk).start(order)
    while not made(out):
        desk.until(lambda: desk.engine.running or made(out))
        if desk.engine.running:
            desk.engine.deliver_next()
            desk.qtbot.wait(1)
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        desk.click(batching(desk).bar.cancel_button)
        desk.engine.let_all_go()
    written = ended.args[0].written
    assert 0 < written < 36
    assert {file.suffix for file in out.iterdir()} == {".jpg"}
    assert len(made(out)) == written
    end = run(desk, order)
    assert (end.there, end.written) == (written, 36 - written), "begun again, it knows them"
    assert len(made(out)) == 36


def test_a_batch_that_is_cancelled_before_it_writes_leaves_nothing(
    desk: Desk, pile: Pile, out: Path
) -> None:
    batching(desk).start(BatchOrder(TWO, tuple(pile.good), out))
    desk.until(lambda: desk.engine.running)
    desk.until(lambda: list(out.glob(".*")))
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        desk.click(batching(desk).bar.cancel_button)
    assert ended.args[0].written == 0
    assert not out.exists()


def test_a_cancelled_batch_leaves_an_earlier_journal(free: Desk, pile: Pile, out: Path) -> None:
    run(free, BatchOrder(TWO, pile.paths[:2], out, report=False))
    batching(free).start(BatchOrder(replace(TWO, quality=50), tuple(pile.good), out))
    with free.qtbot.waitSignal(batching(free).ended):
        batching(free).cancel()
    end = run(free, BatchOrder(TWO, pile.paths[:2], out, report=False))
    assert end.written == 0


def test_files_go_beside_each_photo_in_ratios_that_turn_with_it(
    free: Desk, out: Path, tmp_path: Path
) -> None:
    sizes = {"one/a.jpg": (300, 200), "one/b.jpg": (200, 300), "two/a.jpg": (200, 300)}
    for name in sizes:
        (tmp_path / name).parent.mkdir(exist_ok=True)
    photos = tuple(write_photo(tmp_path / name, *size) for name, size in sizes.items())
    preset = replace(
        TWO, aspects=TWO.aspects[:1], sizes=(Size(80, 100),), beside_photos=True, turn_ratios=True
    )
    for written, there in ((3, 0), (0, 3)):
        end = run(free, BatchOrder(preset, photos, out))
        assert (end.written, end.there) == (written, there)
    files = {
        "one/Cropsight/a_5x4_1.jpg": (100, 80),
        "one/Cropsight/b_4x5_1.jpg": (80, 100),
        "two/Cropsight/a_4x5_1.jpg": (80, 100),
    }
    found = sorted(path for path in tmp_path.glob("*/Cropsight/*"))
    assert found == [tmp_path / name for name in files]
    for path, size in zip(found, files.values(), strict=True):
        with Image.open(path) as image:
            assert image.size == size
    assert made(out) == []
    (tmp_path / "two/Cropsight/a_4x5_1.jpg").unlink()
    end = run(free, BatchOrder(preset, photos, out))
    assert (end.written, end.there) == (1, 2)


def test_a_quit_is_said_once_and_the_rest_is_offered(
    desk: Desk, pile: Pile, out: Path, make_desk: Callable[..., Desk]
) -> None:
    batching(desk).start(BatchOrder(TWO, tuple(pile.good), out))
    desk.until(lambda: desk.engine.running)
    assert not desk.window.close()
    assert any("Close again" in text for text in desk.notices())
    assert records()
    desk.engine.let_all_go()
    assert desk.window.close()
    assert not list(out.glob(".*.cropsight-part"))
    done = len(made(out))
    again = make_desk(held=False)
    again.until(lambda: any("was not finished" in text for text in again.notices()))
    (notice,) = again.window.parts.notices.notices
    assert notice.text == "The batch Shop (18 photos) was not finished."
    again.until(lambda: notice.height() >= notice.heightForWidth(notice.width()))
    with again.qtbot.waitSignal(batching(again).ended) as ended:
        again.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Resume"))
    assert ended.args[0].there == done
    assert ended.args[0].written == 36 - done
    assert len(made(out)) == 36
    assert again.notices() == []
    assert records() == []


def test_what_was_left_behind_can_be_discarded(
    make_desk: Callable[..., Desk], pile: Pile, out: Path
) -> None:
    left = BatchRecords(batches_dir())
    with left.begun(BatchOrder(TWO, pile.paths, out)):
        assert left.unfinished() == []  # somebody is at work on it
    (batches_dir() / "strange.json").write_text("[1]")
    desk = make_desk(held=False)
    desk.until(lambda: desk.notices())
    (notice,) = desk.window.parts.notices.notices
    desk.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Discard"))
    desk.until(lambda: not records())
    assert desk.notices() == []
    assert made(out) == []


def test_a_batch_of_an_earlier_version_is_offered_and_goes_on(
    make_desk: Callable[..., Desk], out: Path
) -> None:
    old = Path(os.environ["XDG_DATA_HOME"]) / "Cropsight" / "Cropsight"
    photos = make_pile(old / "samples", 3, bad_every=9).paths
    given = {photos[0]: PriorEdits(Orientation(90))}
    with BatchRecords(old / "batches").begun(BatchOrder(TWO, photos, out, prior_edits=given)):
        pass
    desk = make_desk(held=False)
    desk.until(desk.notices)
    assert len(records()) == 1
    assert not old.parent.exists()
    (notice,) = desk.window.parts.notices.notices
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        desk.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Resume"))
    order = ended.args[0].order
    assert order.photos == tuple(samples_dir() / path.name for path in photos)
    assert order.prior_edits_of(order.photos[0]) == given[photos[0]]
    assert (ended.args[0].written, records()) == (6, [])


def test_a_record_is_read_as_it_was_written(tmp_path: Path, pile: Pile, out: Path) -> None:
    left = BatchRecords(tmp_path / "records")
    order = BatchOrder(TWO, (*pile.paths, Path("odd \udc80.jpg")), out, report=False)
    with left.begun(order) as record:
        pass
    (unfinished,) = left.unfinished()
    assert (unfinished.order, unfinished.record) == (order, record)


def test_a_folder_in_use_is_said_and_tried_again(free: Desk, pile: Pile, out: Path) -> None:
    out.mkdir()
    with locked(out / LOCK):
        end = run(free, BatchOrder(TWO, tuple(pile.good[:2]), out, report=False))
    assert "Another batch is writing to this folder" in end.error
    assert say(free) == end.error
    assert len(records()) == 1
    with free.qtbot.waitSignal(batching(free).ended) as ended:
        free.click(button(free, "Try again"))
    assert ended.args[0].written == 4
    assert records() == []


@pytest.mark.parametrize("hard", [False, True], ids=["link", "hard link"])
def test_a_journal_that_is_a_photo_is_said_and_the_photo_stays(
    free: Desk, pile: Pile, out: Path, hard: bool
) -> None:
    out.mkdir()
    photo = pile.good[0]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in pile.paths]
    (out / NAME).hardlink_to(photo) if hard else (out / NAME).symlink_to(photo)
    end = run(free, BatchOrder(TWO, tuple(pile.good[:2]), out))
    assert end.error.startswith(f"{NAME} is ")
    assert "Remove it or choose another folder." in end.error
    assert say(free) == end.error
    assert made(out) == []
    after = [hashlib.sha256(path.read_bytes()).hexdigest() for path in pile.paths]
    assert after == before
    (out / NAME).unlink()
    with free.qtbot.waitSignal(batching(free).ended) as ended:
        free.click(button(free, "Try again"))
    assert ended.args[0].written == 4
    assert records() == []


def test_a_report_that_finds_no_room_costs_no_crop(
    free: Desk, pile: Pile, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("cropcore.batch.report.tempfile.TemporaryFile", full)
        end = run(free, BatchOrder(TWO, tuple(pile.good[:2]), out))
    assert "report.html could not be made: the folder for temporary files" in end.error
    assert (end.written, len(made(out))) == (4, 4)
    assert say(free) == end.error
    with free.qtbot.waitSignal(batching(free).ended) as ended:
        free.click(button(free, "Try again"))
    assert (ended.args[0].there, ended.args[0].report) == (4, out / "report.html")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_record_of_a_batch_is_left_where_it_is(pile: Pile, out: Path) -> None:
    folder = batches_dir()
    left = BatchRecords(folder)
    with left.begun(BatchOrder(TWO, pile.paths, out)) as record:
        assert record is not None
    os.mkfifo(folder / "pipe.json")
    (folder / "endless.json").symlink_to("/dev/zero")
    (folder / "other.json").write_bytes(record.read_bytes())
    (folder / "other.lock").symlink_to(pile.good[0])
    assert [one.order.photos for one in left.unfinished()] == [pile.paths]
    names = {path.name for path in folder.iterdir()}
    assert {"pipe.json", "endless.json", "other.json", "other.lock"} <= names


def test_a_record_whose_lock_is_a_link_is_said(free: Desk, pile: Pile, out: Path) -> None:
    folder = batches_dir()
    order = BatchOrder(TWO, tuple(pile.good[:2]), out)
    with BatchRecords(folder).begun(order) as record:
        assert record is not None
    before = hashlib.sha256(pile.good[0].read_bytes()).hexdigest()
    record.with_suffix(".lock").unlink()
    record.with_suffix(".lock").symlink_to(pile.good[0])
    with free.qtbot.waitSignal(batching(free).ended) as ended:
        assert batching(free).start(order, record)
    lock = record.with_suffix(".lock").name
    assert ended.args[0].error == f"{lock} is a link to another file. Remove it, then try again."
    assert record.exists()
    assert hashlib.sha256(pile.good[0].read_bytes()).hexdigest() == before


def test_the_results_are_shown(
    free: Desk, pile: Pile, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile())
    )
    run(free, BatchOrder(TWO, tuple(pile.good[:2]), out))
    free.click(button(free, "Open report"))
    free.click(button(free, "Show folder"))
    assert opened == [str(out / "report.html"), str(out)]
    free.click(batching(free).bar.close_button)
    assert not batching(free).bar.isVisible()


def test_crops_are_found_for_a_review_and_nothing_is_written(
    free: Desk, pile: Pile, out: Path
) -> None:
    begun: list[tuple[list[FoundCrop], Preset, Path]] = []
    batching(free).set_review(lambda *found: lambda: begun.append(found))
    with free.qtbot.waitSignal(batching(free).ended) as ended:
        batching(free).start(BatchOrder(TWO, pile.paths, out, review=True))
    assert isinstance(ended.args[0], SearchResult)
    assert [m.path for m in batching(free).failures.failures] == pile.bad
    assert say(free) == "36 crops ready to be looked at"
    assert begun == []
    free.click(button(free, "Review"))
    ((found, preset, folder),) = begun
    assert (preset, folder) == (TWO, out)
    assert [(f.path, str(f.aspect)) for f in found[:3]] == [
        (pile.good[0], "4:5"), (pile.good[0], "1:1"), (pile.good[1], "4:5"),
    ]  # fmt: skip
    assert all(f.photo.path == f.path for f in found)
    assert all(len(f.suggestions.candidates) == 10 for f in found)
    assert not out.exists()
    assert records() == []


def found_for_review(free: Desk, pile: Pile, out: Path) -> None:
    with free.qtbot.waitSignal(batching(free).ended):
        batching(free).start(BatchOrder(TWO, tuple(pile.good[:2]), out, review=True))


def test_a_review_that_is_ready_is_opened_by_its_key(free: Desk, pile: Pile, out: Path) -> None:
    action = free.window.parts.actions["review"]
    assert not action.isEnabled()
    found_for_review(free, pile, out)
    assert action.isEnabled()
    QTest.keyClick(free.window, K.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert free.window.parts.review_mode.review is not None
    QTest.keyClick(free.window, K.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert free.window.parts.review_mode.review is None


def test_another_batch_leaves_what_was_found_for_a_review(
    free: Desk, pile: Pile, out: Path
) -> None:
    found_for_review(free, pile, out)
    run(free, BatchOrder(TWO, tuple(pile.good[:1]), out, report=False))
    assert [b.text() for b in batching(free).bar.buttons] == ["Show folder", "Other editors …"]
    notice = next(n for n in free.window.parts.notices.notices if "4 crops ready" in n.text)
    assert notice.text.startswith(TWO.name)
    free.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Review"))
    assert [str(p.edit.aspect) for p in free.window.parts.document.photos].count("4:5") == 2
    assert notice not in free.window.parts.notices.notices


def test_what_was_found_and_not_looked_at_is_offered_at_the_next_start(
    make_desk: Callable[..., Desk], free: Desk, pile: Pile, out: Path
) -> None:
    found_for_review(free, pile, out)
    free.window.close()
    fresh = make_desk(held=False)
    fresh.until(lambda: any("was not finished. Not decided: 4." in t for t in fresh.notices()))


def test_a_batch_that_cannot_go_on_yet_says_so(
    desk: Desk, pile: Pile, out: Path, tmp_path: Path
) -> None:
    left = UnfinishedBatch(BatchOrder(TWO, tuple(pile.good[:1]), out), tmp_path / "record.json")
    batching(desk)._offer(left)
    batching(desk).start(BatchOrder(TWO, tuple(pile.good[:2]), out, report=False))
    notice = desk.window.parts.notices.notices[-1]
    desk.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Resume"))
    assert desk.notices()[-1] == "Another batch is at work; this one can go on after it."
    assert notice in desk.window.parts.notices.notices
    batching(desk).cancel()
    desk.engine.let_all_go()
    desk.until(lambda: not batching(desk).is_running)


def test_the_search_for_a_review_is_cancelled(desk: Desk, pile: Pile, out: Path) -> None:
    batching(desk).set_review(lambda *_: lambda: None)
    batching(desk).start(BatchOrder(TWO, tuple(pile.good), out, review=True))
    desk.until(lambda: desk.engine.running)
    with desk.qtbot.waitSignal(batching(desk).ended) as ended:
        desk.click(batching(desk).bar.cancel_button)
        desk.engine.let_all_go()
    assert ended.args[0].found == ()
    assert not batching(desk).bar.isVisible()


def test_a_failure_of_the_engine_is_named(
    free: Desk, pile: Pile, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(free.engine, "answer", fail)
    end = run(free, BatchOrder(TWO, tuple(pile.good[:2]), out, report=False))
    assert (end.written, end.error) == (0, "")
    assert all("out of memory" in m.reason for m in batching(free).failures.failures)


def test_the_window_stays_in_use(free: Desk, pile: Pile, out: Path, tmp_path: Path) -> None:
    with free.qtbot.waitSignal(batching(free).ended):
        batching(free).start(BatchOrder(TWO, pile.paths, out))
        free.open(write_photo(tmp_path / "own.jpg", 900, 600))
        free.until(lambda: free.photo.edit.owner is Owner.PROPOSED)
        free.key(K.Key_2)
    assert free.photo.edit.owner is Owner.MINE
    assert len(made(out)) == 36
