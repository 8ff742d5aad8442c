"""Data of earlier versions come to their new place: nothing is lost, nothing overwritten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cropcore.files import atomic_write
from cropcore.files.file_lock import locked
from cropcore.files.user_dirs import batches_dir, data_dir, move_old_data, moved_sample, reviews_dir

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folders as on Linux")

ROOT = Path(__file__).parents[3]
MOVE = "from cropcore.files.user_dirs import move_old_data; move_old_data()"
KILLED = f"""
import os, pathlib, signal, sys
left = int(sys.argv[1])
def counted(call):
    def step(*args, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **more)
    return step
os.link, os.unlink, os.rmdir = map(counted, (os.link, os.unlink, os.rmdir))
{MOVE}
"""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an earlier version in a home of its own, with something of each kind in it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "Cropsight" / "Cropsight"
    for name in ("batches/1.json", "batches/1.lock", "batches/2.json", "reviews/3.jsonl"):
        lay(folder / name)
    for name in ("reviews/3.lock", "reviews/gone.lock", "samples/boat.jpg"):
        lay(folder / name)
    return folder


def lay(path: Path, text: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.name if text is None else text)
    return path


def files(folder: Path) -> dict[str, str]:
    """What the files below a folder hold, by their places."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


MOVED = {
    f"cropsight/{name}": Path(name).name
    for name in ("batches/1.json", "batches/2.json", "reviews/3.jsonl", "samples/boat.jpg")
}


def test_everything_moves_and_the_old_folder_goes(old: Path, tmp_path: Path) -> None:
    times = (1_000_000_000, 1_000_000_000)
    os.utime(old / "reviews" / "3.jsonl", times)
    move_old_data()
    assert files(tmp_path) == MOVED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cropsight"]
    assert (reviews_dir() / "3.jsonl").stat().st_mtime == times[1], "the oldest is offered first"
    move_old_data()
    assert files(tmp_path) == MOVED


def test_nothing_is_overwritten_and_what_is_left_stays(old: Path, tmp_path: Path) -> None:
    lay(batches_dir() / "1.json", "newer")
    lay(data_dir() / "samples" / "boat.jpg", "newer")
    lay(old / "samples" / "Cropsight" / "boat_4x5_1.jpg")
    lay(old / "unknown.txt")
    move_old_data()
    assert files(data_dir()) == {
        "batches/1.json": "newer",
        "batches/2.json": "2.json",
        "reviews/3.jsonl": "3.jsonl",
        "samples/boat.jpg": "newer",
    }
    assert files(old).keys() >= {
        *("batches/1.json", "samples/boat.jpg", "samples/Cropsight/boat_4x5_1.jpg", "unknown.txt"),
    }


def test_a_record_in_the_work_of_an_earlier_version_stays(old: Path) -> None:
    with locked(old / "batches" / "1.lock"):
        move_old_data()
        assert (old / "batches" / "1.json").exists()
        assert not (batches_dir() / "1.json").exists()
    move_old_data()
    assert (batches_dir() / "1.json").read_text() == "1.json"
    assert not old.exists()


def test_a_folder_that_is_the_new_one_by_a_link_loses_nothing(old: Path, tmp_path: Path) -> None:
    data_dir().parent.mkdir(exist_ok=True)
    old.rename(data_dir())
    old.symlink_to(data_dir(), target_is_directory=True)
    move_old_data()
    assert files(data_dir()).items() >= {
        (name.removeprefix("cropsight/"), text) for name, text in MOVED.items()
    }


def test_where_files_cannot_be_linked_they_are_moved(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(atomic_write.os, "link", refuse)
    move_old_data()
    assert files(tmp_path) == MOVED


@pytest.mark.parametrize("where", ["data", "batches"])
def test_a_place_that_cannot_be_written_costs_nothing(
    old: Path, tmp_path: Path, where: str
) -> None:
    lay(data_dir() if where == "data" else batches_dir(), "in the way")
    move_old_data()
    assert (old / "batches" / "1.json").read_text() == "1.json"
    kept = {Path(name).name: text for name, text in files(tmp_path).items()}
    assert kept.items() >= {(Path(name).name, text) for name, text in MOVED.items()}
    assert (reviews_dir() / "3.jsonl").exists() == (where == "batches")


def test_killed_at_any_step_it_goes_on_at_the_next_start(old: Path, tmp_path: Path) -> None:
    status, steps = -signal.SIGKILL, 0
    while status == -signal.SIGKILL:
        assert steps < 100
        command = [sys.executable, "-c", KILLED, str(steps)]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        kept = {Path(name).name: text for name, text in files(tmp_path).items()}
        assert kept.items() >= {(Path(name).name, text) for name, text in MOVED.items()}
        steps += 1
    assert (status, steps > 3) == (0, True)
    assert files(tmp_path) == MOVED
    assert not old.parent.exists()


def test_several_processes_at_once_move_each_file_once(old: Path, tmp_path: Path) -> None:
    for number in range(200):
        lay(old / "batches" / f"{number:03}.json")
        lay(old / "samples" / f"{number:03}.jpg")
    wanted = {f"cropsight/{n}": t for n, t in files(old).items() if "lock" not in n}
    started = [
        subprocess.Popen([sys.executable, "-c", MOVE], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [process.wait() for process in started] == [0, 0, 0]
    move_old_data()  # what one of them had in hand, another passed over
    assert files(tmp_path) == wanted
    assert not old.exists()


def test_a_sample_that_moved_is_found(old: Path) -> None:
    sample = old / "samples" / "boat.jpg"
    others = (old.parent / "samples" / "boat.jpg", old / "samples" / "gone.jpg")
    assert moved_sample(sample) == sample
    move_old_data()
    assert moved_sample(sample) == data_dir() / "samples" / "boat.jpg"
    assert tuple(map(moved_sample, others)) == others
