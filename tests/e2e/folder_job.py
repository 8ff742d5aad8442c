"""A person who crops a folder of photos into three formats: how many keys and clicks it takes, and how long.

    python -m tests.e2e.folder_job PHOTOS [--count 300] [--looked-at 30] [--stall 0.05]

``PHOTOS`` is a folder of photos; that many of them are copied into nested folders. The person opens the
folder, asks for three ratios on the batch page with a review before writing, looks at the least sure results
one by one, accepts the others in one step, and writes. Prints per step the keys, the clicks, the seconds,
and the rounds of the event loop that took too long.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.batch.page import BatchPage
from app.main import prepare_imports
from app.review.review_session import Decision
from app.runtime.stall_recorder import StallRecorder
from app.shell.main_window import MainWindow
from app.shell.startup import settle_process
from tests.e2e.person import LEFT, NO_KEY, Person, person_at_work

RATIOS = ("4:5", "1:1", "16:9")
CONTROL = Qt.KeyboardModifier.ControlModifier
_FOLDERS = ("", "a", "a/b", "c", "c/d/e")
_PATIENCE = 3600


def copy_photos(source: Path, target: Path, count: int) -> None:
    """Copy photos into nested folders."""
    found = sorted(p for p in source.rglob("*") if p.is_file())[:count]
    for number, path in enumerate(found):
        folder = target / _FOLDERS[number % len(_FOLDERS)]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"IMG_{number:04}{path.suffix}")


class FolderJob(Person):
    """Counts what the hand does, step by step."""

    def __init__(self, window: MainWindow, recorder: StallRecorder) -> None:
        super().__init__(window, recorder)
        self.keys: Counter[str] = Counter()
        self.clicks: Counter[str] = Counter()
        self._now = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens inside belongs to this step, keys and clicks too."""
        self._now = name
        with super().step(name):
            yield

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        """Press a key, which is counted."""
        self.keys[self._now] += 1
        super().key(key, modifier)

    def click(self, widget: QWidget) -> None:
        """Click into the middle of a widget."""
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        self.clicks[self._now] += 1
        QTest.mouseClick(widget, LEFT, NO_KEY, widget.rect().center())

    def work_in(self, folder: Path, count: int, looked_at: int) -> None:
        """Open, ask, review, write."""
        window, parts = self.window, self.window.parts
        with self.step("open the folder"):
            self.keys[self._now] += 1  # Ctrl+Shift+O; the dialog is the system's, two clicks in it
            self.clicks[self._now] += 2
            window.open_paths([folder])
            self.until(lambda: parts.filmstrip.model.rowCount() == count)
            self.until(self.has_candidates)
        with self.step("ask for three formats"):
            self.key(Qt.Key.Key_B, CONTROL)
            page = _batch_page(window)
            self.until(lambda: page.isVisible() and page.presets.current is not None)
            ratios = page.finding.ratios
            for name in RATIOS:
                if not ratios.chips[name].isChecked():
                    self.click(ratios.chips[name])
            for name, chip in ratios.chips.items():
                if chip.isChecked() and name not in RATIOS:
                    self.click(chip)
            if not page.out.review.isChecked():
                self.click(page.out.review)
            self.until(page.start_button.isEnabled)
            self.click(page.start_button)
        with self.step("the batch finds the crops"):
            self.until(lambda: parts.running_batch.has_ready, _PATIENCE)
            self.key(Qt.Key.Key_R, CONTROL)
            self.until(lambda: parts.review_mode.review is not None)
        review = parts.review_mode.review
        assert review is not None
        with self.step(f"look at the {looked_at} least sure"):
            for _ in range(looked_at):
                self.until(lambda: parts.review_mode.can_decide)
                self.key(Qt.Key.Key_Return)
        with self.step("accept the others"):
            self.until(lambda: parts.review_mode.can_decide)
            self.key(Qt.Key.Key_A, CONTROL)
            self.key(Qt.Key.Key_Return, CONTROL)
            self.until(lambda: not review.counts[Decision.OPEN])
        with self.step("write"):
            self.key(Qt.Key.Key_E, CONTROL)
            self.until(lambda: not review.unwritten, _PATIENCE)


def _batch_page(window: MainWindow) -> BatchPage:
    pages = [w for w in QApplication.topLevelWidgets() if isinstance(w, BatchPage)]
    return pages[0] if pages else window.findChildren(BatchPage)[0]


def main() -> None:
    """Do the job and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--looked-at", type=int, default=30)
    parser.add_argument("--stall", type=float, default=0.05)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cropsight-job-") as place:
        folder = Path(place) / "photos"
        copy_photos(args.photos, folder, args.count)
        with person_at_work(Path(place), args.stall, FolderJob) as job:
            job.work_in(folder, args.count, args.looked_at)
        written = [p for p in Path(place).rglob("*") if p.is_file() and "Cropsight" in p.parts]
    _print(job, written)


def _print(job: FolderJob, written: list[Path]) -> None:
    for step, seconds in job.seconds.items():
        stalls = job.waited[step]
        longest = max((s.busy for s in stalls), default=0.0)
        print(  # noqa: T201 - what the command is for
            f"{step}: {job.keys[step]} keys, {job.clicks[step]} clicks, {seconds:.1f} s; "
            f"{len(stalls)} stalls, {1000 * longest:.0f} ms computing at most"
        )
        for stall in sorted(stalls, key=lambda stall: -stall.busy)[:3]:
            print(f"    {stall}")  # noqa: T201
    print(  # noqa: T201
        f"all: {job.keys.total()} keys, {job.clicks.total()} clicks, "
        f"{sum(job.seconds.values()):.0f} s, {len(written)} files written"
    )


if __name__ == "__main__":
    prepare_imports()
    settle_process()
    main()
