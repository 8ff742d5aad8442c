"""Count the hops of two trips through the program, with the real window, engine and files.

    python docs/hops.py [--list]

``tick`` goes from one mouse move of the held ratio slider to the candidates, painted on the canvas and
in the strip with their pictures. ``export`` goes from the click on the export button to the file and to
the sidecar on the disk.

A trip is given by its stations (``TICK``, ``EXPORT``): functions in which something of the matter
itself happens, such as the question being asked, windows being scored, bytes being written. When a
station is called for the first time, in whatever thread, the functions of ``app`` and ``cropcore`` that
are running then, from the outermost to the station, are the way to it. What is still running of the
way to an earlier station is not counted again.

- A hop is a call on these ways from a function of one file to a function of another, directly, through
  a signal, or through the event loop. Returning from a call is none.
- It leads back where the trip has been in the called file before.
- Where the event loop or a thread begins a way in a file where the trip has been, what was asked there
  comes back, as a call returns: that is counted as an answer, not as a hop. In a new file it is a hop.
- ``app/runtime/background.py`` carries signals between threads and is, like Qt's event loop, no place.
- What is called elsewhere in the meantime, such as helpers that return a value and panels that show
  the same edit, is beside the trip: of that the number of calls between files is told.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from skimage import data

from app.document.edit import Owner
from app.engine.engine_thread import EngineThread, load_engine
from app.export.export_job import ExportJob
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import build_window, create_app

ROOT = Path(__file__).resolve().parents[1]
Stages = tuple[frozenset[str], ...]
"""Stations, as module and name; those of a stage count once all stages before it were reached."""


def _stages(*stages: str) -> Stages:
    return tuple(frozenset(stage.split()) for stage in stages)


TICK = _stages(
    "engine_thread.EngineThread.ask",
    "graph_networks.GraphGaic.screened",
    "diverse_candidates.crop_set",
    "candidate_card.CandidateCard.show_candidate canvas_state.CanvasState.set_candidates"
    " crop_thumbnails.ThumbnailMaker.make",
    "candidate_card.CandidateCard.take_picture candidate_marks.paint_pills",
    "candidate_card.CandidateCard.paintEvent",
)
EXPORT = _stages(
    "export_plan.plan_exports",
    "photo.decode",
    "render.render",
    "encoders.encode",
    "atomic_write.write_new",
    "sidecar_sync.SidecarSync._edited",
    "store.SidecarStore.save",
    "atomic_write.write_at",
)
ROAD = "app/runtime/background.py"
THREADS: tuple[type[QThread], ...] = (EngineThread, ExportJob)
"""Qt's threads, which Python's way to profile new threads does not reach."""
PATIENCE = 120.0


class Trip:
    """Follows calls in every thread while it is ``under_way``.

    ``hops`` are the files from and to and whether that leads back; ``answers`` the files that what
    they had asked for came back to; ``calls`` counts all calls from one file to another.
    """

    def __init__(self) -> None:
        self.under_way = False
        self._alone = threading.Lock()
        self._places: dict[CodeType, str] = {}
        self.begin(())

    def begin(self, stages: Stages) -> None:
        """Count from here on."""
        self.hops: list[tuple[str, str, bool]] = []
        self.answers: list[str] = []
        self.files: list[str] = []
        self.calls = 0
        self._to_come = [set(stage) for stage in stages]
        self._way: list[FrameType] = []
        self.under_way = bool(stages)

    @property
    def to_come(self) -> set[str]:
        """The stations of the stage that the trip is in; empty when it is over."""
        return self._to_come[0] if self._to_come else set()

    def follow(self, frame: FrameType, event: str, _: object) -> None:
        """Take notice of a call; a profile function as ``sys.setprofile`` wants it."""
        if event != "call" or not self.under_way or not (called := self._place(frame.f_code)):
            return
        outer = frame.f_back
        while outer is not None and not self._place(outer.f_code):
            outer = outer.f_back
        with self._alone:
            self.calls += outer is not None and self._place(outer.f_code) != called
            station = f"{Path(called).stem}.{frame.f_code.co_qualname}"
            if station in self.to_come:
                self._walk(frame)
                self.to_come.discard(station)
                if not self.to_come:
                    del self._to_come[0]
                self.under_way = bool(self._to_come)

    def report(self, name: str) -> str:
        """The figures in one line."""
        back = sum(leads_back for _, _, leads_back in self.hops)
        return (
            f"{name}: {len(self.hops)} hops in {len(self.files)} files, {back} back, "
            f"{len(self.answers)} answers; {self.calls - len(self.hops)} calls between files beside it"
        )

    def _place(self, code: CodeType) -> str:
        """The file of a function, from the root; empty for what is no place."""
        if code not in self._places:
            path = Path(code.co_filename)
            inside = any(path.is_relative_to(ROOT / package) for package in ("app", "cropcore"))
            name = path.relative_to(ROOT).as_posix() if inside else ""
            self._places[code] = "" if name == ROAD else name
        return self._places[code]

    def _walk(self, station: FrameType) -> None:
        """Go the way to a station, from where it leaves the one that was walked before."""
        way, frame = [], station.f_back
        while frame is not None:
            way += [frame] if self._place(frame.f_code) else []
            frame = frame.f_back
        way = [*reversed(way), station]
        known = 0
        while known < min(len(way), len(self._way)) and way[known] is self._way[known]:
            known += 1
        for at in range(known, len(way)):
            name = self._place(way[at].f_code)
            before = self._place(way[at - 1].f_code) if at else "..."
            if at == 0 and name in self.files:
                self.answers.append(name)
            elif name != before and self.files:
                self.hops.append((before, name, name in self.files))
            if name not in self.files:
                self.files.append(name)
        self._way = way


def profile_threads(trip: Trip) -> None:
    """Have every thread follow its calls, this one included."""

    def following(run: Callable[[QThread], None]) -> Callable[[QThread], None]:
        def run_and_follow(thread: QThread) -> None:
            sys.setprofile(trip.follow)
            run(thread)

        return run_and_follow

    for kind in THREADS:
        kind.run = following(kind.run)  # type: ignore[method-assign]
    threading.setprofile(trip.follow)
    sys.setprofile(trip.follow)


def until(what: Callable[[], object], wanted: str) -> None:
    """Serve the window until something holds."""
    late = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > late:
            raise SystemExit(f"Not within {PATIENCE:.0f} s: {wanted}")
        QApplication.processEvents()
        time.sleep(0.001)


def ride(trip: Trip, stages: Stages, begin: Callable[[], object]) -> None:
    """Begin a trip and wait for its end."""
    trip.begin(stages)
    begin()
    until(lambda: not trip.under_way, f"{', '.join(sorted(trip.to_come))} called")


def open_window(home: Path) -> MainWindow:
    """A window in which a photo is being opened."""
    photo = home / "photo.jpg"
    Image.fromarray(data.coffee()).resize((2400, 1600)).save(photo)
    settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    window = build_window(settings, EngineThread(lambda: load_engine("cpu")))
    window.parts.prefetcher.set_on(False)
    window.show()
    window.open_paths([photo])
    window.start_engine()
    return window


def is_at_rest(window: MainWindow) -> bool:
    """Whether all that was asked is answered, at leisure, and painted with pictures."""
    photo = window.parts.editor.photo
    cards = [card for card in window.parts.strip.cards if card.candidate is not None]
    return (
        photo is not None
        and photo.edit.owner is Owner.PROPOSED
        and photo.is_answered
        and photo.suggestion_state.refined
        and bool(cards)
        and all(card.has_picture for card in cards)
    )


def main() -> None:
    """Print the figures of both trips."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--list", action="store_true", help="print every hop too; ... is the event loop"
    )
    wanted = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="hops-"))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    trip = Trip()
    profile_threads(trip)
    application = create_app()
    window = open_window(home)
    until(lambda: is_at_rest(window), "the first candidates")
    slider, left = window.parts.aspect_panel.slider, Qt.MouseButton.LeftButton

    no_key = Qt.KeyboardModifier.NoModifier

    def at(ratio: float) -> QPoint:
        return QPoint(round(slider.x_of(ratio)), 11)

    def tell(name: str) -> None:
        print(trip.report(name))
        for before, after, leads_back in trip.hops if wanted.list else ():
            print(f"    {before} -> {after}{'   back' if leads_back else ''}")

    QTest.mousePress(slider, left, no_key, at(slider.ratio))
    for ratio in (1.13, 0.87):  # the first move of a slide makes what later ones find
        until(lambda: is_at_rest(window), "candidates at rest")
        ride(trip, TICK, lambda ratio=ratio: QTest.mouseMove(slider, at(ratio)))  # type: ignore[misc]
    tell("tick")
    QTest.mouseRelease(slider, left, no_key, at(0.87))
    until(lambda: is_at_rest(window), "candidates at rest")
    ride(trip, EXPORT, lambda: QTest.mouseClick(window.parts.export_controls.button.main, left))
    tell("export")
    sys.setprofile(None)
    window.close()
    application.quit()


if __name__ == "__main__":
    main()
