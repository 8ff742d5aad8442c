"""The pipeline that writes crops: order, cancel, one bad file, memory, laziness, callers that fail."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cropcore.errors import CropsightError, ExportError, PhotoError
from cropcore.export import export, write_queue
from cropcore.export.export import EncodedFile, PhotoSource, Pick
from cropcore.export.options import ExportOptions
from cropcore.export.write_queue import WriteEvent, WriteQueue, WriteRequest
from cropcore.files import atomic_write
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.decode_budget import DecodeBudget
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.job_control import InteractivePriority, JobControl

FREE = Aspect("free")
LONG = 60.0
"""Seconds after which a wait is taken for one without end."""

Event = WriteEvent[int]


@pytest.fixture
def photos(make_photo: Callable[..., Path], tmp_path: Path) -> list[Photo]:
    folder = tmp_path / "photos"
    return [
        read_photo(make_photo(f"{i}.jpg", size=(160 + 8 * i, 100), folder=folder)) for i in range(8)
    ]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def picks(count: int = 1, **more: Any) -> list[Pick]:
    return [Pick(Crop((0.1, 0.1, 0.5 + 0.1 * i, 0.9)), FREE, i + 1, **more) for i in range(count)]


def requests(photos: list[Photo], out: Path, crops: int = 1) -> list[WriteRequest[int]]:
    options = ExportOptions(folder=out)
    return [WriteRequest(photo, picks(crops), options, n) for n, photo in enumerate(photos)]


def told(events: list[Event], *states: str) -> list[tuple[int, int | None]]:
    """Photo and crop of each event of some states, in order."""
    return [(e.request.tag, e.index) for e in events if e.state in states]


def names(folder: Path) -> list[str]:
    """All files, hidden ones included."""
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


# --- order ----------------------------------------------------------------------------------------


def test_names_and_events_come_in_the_callers_order_whatever_is_ready_first(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first photo is decoded last of those in work, and all want the same name."""
    later, decode = threading.Event(), export.decode

    def decoded(photo: Photo) -> Image.Image:
        if photo.path.name == "0.jpg":
            assert later.wait(LONG)
        elif photo.path.name == "1.jpg":
            later.set()
        return decode(photo)

    monkeypatch.setattr(export, "decode", decoded)
    options = ExportOptions(folder=out, template="same")
    wanted = [replace(one, options=options) for one in requests(photos, out, 2)]
    events = list(WriteQueue[int]().run(wanted))
    in_order = [(n, index) for n in range(8) for index in (0, 1)]
    assert told(events, "written") == in_order
    paths = [e.exported.path.name for e in events if e.exported is not None]
    assert paths == ["same.jpg", *(f"same ({n}).jpg" for n in range(2, 17))]
    assert [told(events, "started", "written", "ended").count((n, None)) for n in range(8)] == [
        2
    ] * 8
    last = [i for i, e in enumerate(events) if e.state == "ended"]
    assert [events[i].request.tag for i in last] == list(range(8))


def test_a_photo_is_decoded_once_for_all_its_crops_and_a_crop_may_have_its_own_folder(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    decode = export.decode
    monkeypatch.setattr(export, "decode", lambda p: decoded.append(p.path.name) or decode(p))
    crops = [*picks(2), *picks(1, folder=out / "other", size=Size.parse("20"))]
    wanted = [WriteRequest(photos[0], iter(crops), ExportOptions(folder=out), 0)]
    events = list(WriteQueue[int]().run(wanted))
    assert decoded == ["0.jpg"]
    assert names(out) == ["0_free_1.jpg", "0_free_2.jpg", "other"]
    with Image.open(out / "other" / "0_free_1.jpg") as image:
        assert max(image.size) == 20
    sizes = [e.exported.file_size for e in events if e.exported is not None]
    assert sizes[0] == (out / "0_free_1.jpg").stat().st_size


def test_photos_without_crops_keep_their_place(photos: list[Photo], out: Path) -> None:
    wanted = requests(photos, out)
    wanted[1] = WriteRequest(None, (), ExportOptions(folder=out), 1)
    events = list(WriteQueue[int]().run(wanted))
    assert told(events, "ended") == [(n, None) for n in range(8)]
    assert told(events, "written") == [(n, 0) for n in range(8) if n != 1]


def test_what_a_killed_process_left_is_removed_once_in_each_folder(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[Path] = []
    sweep = atomic_write.sweep
    monkeypatch.setattr(atomic_write, "sweep", lambda f: swept.append(f) or sweep(f))
    out.mkdir()
    (out / ".0123abcd-0123456789abcdef.cropsight-part").touch()
    crops = [*picks(2), *picks(2, folder=out / "other")]
    wanted = [WriteRequest(p, crops, ExportOptions(folder=out), 0) for p in photos]
    list(WriteQueue[int]().run(wanted))
    assert swept == [out, out / "other"]
    assert len(names(out)) == 17, "two crops of each of eight photos, and the other folder"


# --- one bad file ---------------------------------------------------------------------------------


def test_a_bad_photo_of_each_sort_takes_no_other_along(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn, gone = photos[1].path, photos[2].path
    torn.write_bytes(torn.read_bytes()[:300])
    gone.unlink()
    decode = export.decode

    def decoded(photo: Photo) -> Image.Image:
        if photo.path.name == "3.jpg":
            raise MemoryError
        if photo.path.name == "4.jpg":
            raise KeyError("a decoder may raise anything")
        return decode(photo)

    monkeypatch.setattr(export, "decode", decoded)

    def lost() -> Iterator[Pick]:
        yield picks()[0]
        raise CropsightError("The engine failed.")

    wanted = requests(photos, out, 2)
    wanted[5] = replace(wanted[5], crops=lost())
    events = list(WriteQueue[int]().run(wanted))
    assert told(events, "written") == [(n, i) for n in (0, 6, 7) for i in (0, 1)]
    assert told(events, "failed") == [(n, None) for n in (1, 2, 3, 4, 5)]
    assert told(events, "skipped") == [(n, i) for n in (1, 2, 3, 4) for i in (0, 1)]
    texts = [str(e.error) for e in events if e.state == "failed"]
    assert "1.jpg: is damaged" in texts[0]
    assert "2.jpg: is not there" in texts[1]
    assert "3.jpg: does not fit in memory" in texts[2]
    assert "4.jpg: cannot be exported" in texts[3]
    assert texts[4] == "The engine failed."
    skipped = [e.error for e in events if e.state == "skipped"]
    assert [isinstance(e, PhotoError) for e in skipped[:4]] == [True] * 4


def test_a_crop_that_fails_takes_no_crop_of_its_photo_along(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, write = PhotoSource.encode, EncodedFile.write
    publish = atomic_write._publish

    def encoded(source: PhotoSource, pick: Pick) -> EncodedFile:
        if pick.rank == 2:
            raise MemoryError
        return encode(source, pick)

    def published(temporary: Path, target: Path) -> None:
        if "_4" in target.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        publish(temporary, target)

    def written(file: EncodedFile, *more: Any, **named: Any) -> export.Exported:
        if file.stem.endswith("_5"):
            raise RuntimeError("a bug")
        return write(file, *more, **named)

    monkeypatch.setattr(PhotoSource, "encode", encoded)
    monkeypatch.setattr(EncodedFile, "write", written)
    monkeypatch.setattr(atomic_write, "_publish", published)
    crops = [*picks(2), Pick(Crop(), FREE, 3, size=Size.parse("65000")), *picks(4)[3:]]
    crops += [Pick(Crop(), FREE, 5), Pick(Crop(), FREE, 6)]
    wanted = [WriteRequest(photos[0], crops, ExportOptions(folder=out), 0)]
    events = list(WriteQueue[int]().run([*wanted, *requests(photos[1:2], out)]))
    assert [(i, e.state) for e in events if (i := e.index) is not None and not e.request.tag] == [
        *((0, "written"), (1, "failed"), (2, "failed"), (3, "failed"), (4, "failed")),
        *((5, "written"), (0, "written")),
    ]
    texts = [str(e.error) for e in events if e.state == "failed"]
    assert ["memory" in texts[0], "megapixels" in texts[1]] == [True, True]
    assert ["The disk is full" in texts[2], "cannot be exported" in texts[3]] == [True, True]
    assert names(out) == ["0_free_1.jpg", "0_free_6.jpg", "1_free_1.jpg"]


def test_a_folder_that_is_none_fails_its_crops_alone(photos: list[Photo], out: Path) -> None:
    out.mkdir()
    (out / "taken").write_text("a file in its place")
    wanted = requests(photos[:3], out)
    wanted[1] = replace(wanted[1], options=ExportOptions(folder=out / "taken"))
    events = list(WriteQueue[int]().run(wanted))
    assert told(events, "failed") == [(1, 0)]
    assert "is not a folder" in str(next(e.error for e in events if e.error))
    assert (out / "taken").read_text() == "a file in its place"
    assert told(events, "written") == [(0, 0), (2, 0)]


# --- cancel, pause, priority ----------------------------------------------------------------------


@pytest.mark.parametrize("step", ["decode", "render", "finish", "encode", "write"])
def test_cancel_ends_within_a_photo_and_leaves_nothing_half_or_hidden(
    step: str, photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, taken, later = JobControl(), list[str](), list[str]()
    owners: dict[str, Any] = {"render": export.render, "write": EncodedFile}

    def watch(name: str) -> None:
        owner = owners.get(name, export)
        whole = getattr(owner, name)

        def watched(*what: Any, **more: Any) -> Any:
            if control.cancelled:
                later.append(name)
            result = whole(*what, **more)
            if name == step:
                taken.append(name)
                if len(taken) == 4:
                    control.cancel()
            return result

        monkeypatch.setattr(owner, name, watched)

    for name in ("decode", "render", "finish", "encode", "write"):
        watch(name)
    wanted = requests(photos, out, 2)
    events = list(WriteQueue[int](control, workers=1).run(iter(wanted)))
    whole_files = {"decode": 6, "write": 4}.get(step, 3)
    written = told(events, "written")
    assert written == [(n, i) for n in range(4) for i in (0, 1)][: len(written)]
    assert len(written) <= whole_files
    assert names(out) == sorted(f"{n}_free_{i + 1}.jpg" for n, i in written)
    for name in names(out):
        with Image.open(out / name) as image:
            image.load()
    assert told(events, "failed") == []
    assert later == [], "what was under way was the last"
    ended = told(events, "ended")
    assert ended == [(n, None) for n in range(len(ended))]
    assert told(events, "written", "cancelled") == [(n, i) for n, _ in ended for i in (0, 1)]


def test_closing_the_events_cancels_the_rest_and_ends_the_threads(
    photos: list[Photo], out: Path
) -> None:
    before = threading.active_count()
    events = WriteQueue[int](in_flight=2).run(requests(photos, out))
    while next(events).state != "written":
        pass
    events.close()
    assert threading.active_count() == before
    assert [n for n in names(out) if n.startswith(".")] == []
    assert len(names(out)) <= 3


def test_pause_finishes_what_was_taken_and_takes_no_more(photos: list[Photo], out: Path) -> None:
    control, events, taken = JobControl(), list[Event](), list[int]()
    resting, go = threading.Event(), threading.Event()

    def coming() -> Iterator[WriteRequest[int]]:
        for one in requests(photos, out):
            taken.append(one.tag)
            if one.tag == 2:
                control.pause()
            yield one

    def rest(wait: Callable[[], None]) -> None:
        resting.set()
        assert go.wait(LONG)
        wait()

    queue = WriteQueue[int](control, rest=rest)
    worker = threading.Thread(target=lambda: events.extend(queue.run(coming())), daemon=True)
    worker.start()
    assert resting.wait(LONG)
    assert taken == [0, 1, 2]
    assert names(out) == [f"{n}_free_1.jpg" for n in range(3)]
    control.go_on()
    go.set()
    worker.join(LONG)
    assert told(events, "ended") == [(n, None) for n in range(8)]


def test_work_yields_to_whoever_claims_priority(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    priority = InteractivePriority()
    monkeypatch.setattr(
        priority, "wait", lambda given_up: waited.append(threading.current_thread().name)
    )
    list(WriteQueue[int](JobControl(priority)).run(requests(photos[:1], out, 2)))
    assert len(waited) == 3, "before the decode and before each crop"
    assert all(name.startswith("export") for name in waited)


# --- memory ---------------------------------------------------------------------------------------


class CountingBudget(DecodeBudget):
    """Counts what is held at once."""

    def __init__(self, held: int) -> None:
        super().__init__(small=0, held=held)
        self.lock = threading.Lock()
        self.now = self.most = self.photos = self.most_photos = self.holds = 0

    @contextmanager
    def held(self, pixels: int) -> Iterator[None]:
        with super().held(pixels):
            with self.lock:
                self.now, self.photos = self.now + pixels, self.photos + 1
                self.holds += 1
                self.most = max(self.most, self.now)
                self.most_photos = max(self.most_photos, self.photos)
            try:
                yield
            finally:
                with self.lock:
                    self.now, self.photos = self.now - pixels, self.photos - 1


@pytest.mark.parametrize("room", [2, 1, 0.01])
def test_two_queues_share_one_budget_and_none_waits_for_ever(
    room: float, photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With less room than one photo needs there is one at a time."""
    one = max(export.held_pixels(p, picks(2), ExportOptions()) for p in photos)
    counted = CountingBudget(round(room * one))
    monkeypatch.setattr(write_queue, "budget", counted)
    done: list[list[Event]] = [[], []]

    def run(which: int) -> None:
        wanted = requests(photos, out / str(which), 2)
        done[which].extend(WriteQueue[int](workers=4).run(wanted))

    threads = [threading.Thread(target=run, args=(n,), daemon=True) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()
    assert [len(told(events, "written")) for events in done] == [16, 16]
    assert (counted.now, counted.holds) == (0, 16)
    assert counted.most <= max(room, 1) * one
    assert counted.most_photos <= max(1, room)


def test_a_later_photo_takes_no_room_that_an_earlier_one_still_needs(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crops of the first are told only when the second asks for room, or waits to ask."""
    second_waits = threading.Event()

    class Turns(write_queue.TurnQueue):
        def wait(self, place: int) -> None:
            if place == 1:
                second_waits.set()
            super().wait(place)

    class Budget(DecodeBudget):
        @contextmanager
        def held(self, pixels: int) -> Iterator[None]:
            with super().held(pixels):
                second_waits.set()
                yield

    monkeypatch.setattr(write_queue, "TurnQueue", Turns)
    monkeypatch.setattr(write_queue, "budget", Budget(small=0, held=1))

    def late() -> Iterator[Pick]:
        assert second_waits.wait(LONG)
        yield picks()[0]

    wanted = requests(photos[:2], out)
    wanted[0] = replace(wanted[0], crops=late())
    control, events = JobControl(), list[Event]()
    queue = WriteQueue[int](control, workers=2)
    worker = threading.Thread(target=lambda: events.extend(queue.run(wanted)), daemon=True)
    worker.start()
    worker.join(LONG)
    control.cancel()
    assert told(events, "written") == [(0, 0), (1, 0)]


def test_what_is_held_counts_the_largest_crop_and_sixteen_bits_twice() -> None:
    photo = Photo(Path("a.png"), 400, 300, "PNG", "RGB")
    half, whole = Pick(Crop((0, 0, 0.5, 1)), FREE), Pick(Crop(), FREE, size=Size.parse("800"))
    options = ExportOptions()
    assert export.held_pixels(photo, [half], options) == 400 * 300 + 200 * 300
    assert export.held_pixels(photo, [half, whole], options) == 400 * 300 + 800 * 600
    deep = replace(photo, bits=16)
    assert export.held_pixels(deep, [half], options) == 2 * (400 * 300 + 200 * 300)
    assert export.held_pixels(deep, [half], ExportOptions("jpeg")) == 400 * 300 + 200 * 300


def test_files_are_encoded_ahead_up_to_their_limit(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first photo is held, the second encodes until its files are too large together."""
    monkeypatch.setattr(write_queue, "ENCODED_BYTES", 1)
    go, ahead = threading.Event(), list[int]()
    decode, encode = export.decode, PhotoSource.encode

    def decoded(photo: Photo) -> Image.Image:
        if photo.path.name == "0.jpg":
            assert go.wait(LONG)
        return decode(photo)

    waiting = threading.Event()

    class Turns(write_queue.TurnQueue):
        def wait(self, place: int) -> None:
            if place == 1 and not self.has_come(1) and ahead:
                waiting.set()
            super().wait(place)

    def encoded(source: PhotoSource, pick: Pick) -> EncodedFile:
        if source.photo.path.name == "1.jpg":
            ahead.append(pick.rank)
        return encode(source, pick)

    monkeypatch.setattr(export, "decode", decoded)
    monkeypatch.setattr(PhotoSource, "encode", encoded)
    monkeypatch.setattr(write_queue, "TurnQueue", Turns)
    events: list[Event] = []
    wanted = requests(photos[:2], out, 3)
    worker = threading.Thread(
        target=lambda: events.extend(WriteQueue[int]().run(wanted)), daemon=True
    )
    worker.start()
    assert waiting.wait(LONG)
    assert ahead == [1]
    go.set()
    worker.join(LONG)
    assert told(events, "written") == [(n, i) for n in (0, 1) for i in (0, 1, 2)]
    assert ahead == [1, 2, 3]


def test_requests_are_taken_only_as_there_is_room(photos: list[Photo], out: Path) -> None:
    """A million photos need no million requests at once."""
    taken, ended, most = [0], [0], [0]

    def endless() -> Iterator[WriteRequest[int]]:
        while True:
            for one in requests(photos, out):
                taken[0] += 1
                most[0] = max(most[0], taken[0] - ended[0])
                yield one

    with closing(WriteQueue[int](in_flight=3).run(endless())) as events:
        for event in events:
            ended[0] += event.state == "ended"
            if ended[0] == 20:
                break
    assert 1 < most[0] <= 3


# --- callers --------------------------------------------------------------------------------------


def test_a_caller_that_fails_in_turn_fails_the_crop_alone(photos: list[Photo], out: Path) -> None:
    seen: list[tuple[int, str]] = []

    def in_turn(event: Event) -> None:
        seen.append((event.request.tag, event.state))
        if event.request.tag == 1 and event.state == "written":
            raise ExportError(out / "journal", "could not be written to.", "Free some space.")
        if event.request.tag == 2 and event.state == "ended":
            raise ValueError("a bug of the caller")

    events = list(WriteQueue[int](in_turn=in_turn).run(requests(photos[:4], out)))
    assert seen == [(n, state) for n in range(4) for state in ("written", "ended")]
    assert told(events, "written") == [(0, 0), (2, 0), (3, 0)]
    assert told(events, "failed") == [(1, 0), (2, None)]
    failed = next(e for e in events if e.state == "failed")
    assert "could not be written to" in str(failed.error)
    assert failed.exported is not None, "the file itself is there"
    assert told(events, "ended") == [(n, None) for n in range(4)]


def test_a_caller_whose_requests_fail_hears_of_it_and_no_thread_is_left(
    photos: list[Photo], out: Path
) -> None:
    before = threading.active_count()

    def broken() -> Iterator[WriteRequest[int]]:
        yield from requests(photos[:2], out)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        list(WriteQueue[int]().run(broken()))
    assert threading.active_count() == before
    assert [n for n in names(out) if n.startswith(".")] == []
