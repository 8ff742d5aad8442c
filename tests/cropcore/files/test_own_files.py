"""What lies in the place of the program's own files: photos stay as they are, and nothing waits for ever."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cropcore.batch import preset_library
from cropcore.batch.journal import LOCK, NAME, Journal
from cropcore.batch.preset import Preset
from cropcore.batch.preset_library import all_presets
from cropcore.batch.review import FoundCrop
from cropcore.batch.review_record import ReviewRecord, Verdict, left_behind
from cropcore.errors import SidecarError
from cropcore.files import atomic_write
from cropcore.files.file_lock import locked
from cropcore.files.own_files import NotOwnError, open_own, read_own
from cropcore.sidecar.store import SUFFIX, SidecarStore, library_name
from tests.cropcore.helpers.commands import run, run_json
from tests.cropcore.helpers.sidecar_maker import fresh, kept

ROOT = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no links and pipes as here"),
]

Place = Callable[[Path, Path], object]
PLACED: dict[str, tuple[Place, str]] = {
    "link": (lambda place, photo: place.symlink_to(photo), "is a link to another file"),
    "dangling link": (
        lambda place, photo: place.symlink_to(photo.with_name("new.jpg")),
        "is a link to another file",
    ),
    "hard link": (lambda place, photo: place.hardlink_to(photo), "(a hard link)"),
    "pipe": (lambda place, photo: os.mkfifo(place), "is a device or a pipe"),
    "device": (lambda place, photo: place.symlink_to("/dev/zero"), "is a link to another file"),
    "photo": (lambda place, photo: photo.rename(place), "holds a photo"),
}


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every regular file in a folder, by its name."""
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()
    }


@pytest.fixture
def photos(make_photo: Callable[..., Path], tmp_path: Path) -> Path:
    for name, size in (("a.jpg", (120, 80)), ("b.jpg", (90, 60))):
        make_photo(name, size, folder=tmp_path / "photos")
    return tmp_path / "photos"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


class TestBatch:
    @pytest.mark.parametrize("name", [NAME, LOCK])
    @pytest.mark.parametrize("kind", PLACED)
    def test_a_journal_that_is_none_is_named_and_left(
        self,
        name: str,
        kind: str,
        photos: Path,
        out: Path,
        installed_engine: object,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        place, said = PLACED[kind]
        place(out / name, photos / "a.jpg")
        before, there = digests(photos), digests(out)
        assert run("batch", "4:5", photos, "--out", out) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"cropcore: {name}: ")
        assert said in line
        assert line.endswith("Remove it or choose another folder.")
        assert digests(photos) == before, "no original is changed, and none is new"
        assert digests(out).items() >= there.items()
        assert digests(out).keys() - there.keys() <= {LOCK}

    def test_the_command_itself_says_so(self, photos: Path, out: Path) -> None:
        (out / NAME).symlink_to(photos / "a.jpg")
        before = digests(photos)
        done = subprocess.run(
            [sys.executable, "-m", "cropcore.cli", "batch", "4:5", photos, "--out", out],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        told = "is a link to another file. Remove it or choose another folder."
        assert done.stderr == f"cropcore: {NAME}: {told}\n"
        assert digests(photos) == before

    def test_a_journal_that_became_a_link_is_not_followed(
        self, photos: Path, out: Path, installed_engine: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = digests(photos)
        encode = installed_engine.encode

        def swapped(*args: Any) -> Any:
            (out / NAME).unlink(missing_ok=True)
            (out / NAME).symlink_to(photos / "a.jpg")
            return encode(*args)

        installed_engine.encode = swapped
        assert run("batch", "4:5", photos, "--out", out) == 1
        assert digests(photos) == before
        assert "Traceback" not in capsys.readouterr().err

    @pytest.mark.parametrize(
        "change",
        [
            {"result": {"candidates": [{}]}},
            {"result": {"aspect": "4x5", "method": "x", "confidence": 1, "candidates": [{}]}},
            {"size": float("inf")},
            {"width": float("inf")},
            {"width": 10**400},
            {"files": [["a\0.jpg", 3]]},
        ],
        ids=lambda change: json.dumps(change)[:40],
    )
    @pytest.mark.parametrize("infinity", ["1e999", "Infinity"])
    def test_a_strange_line_costs_its_job_alone(
        self,
        change: dict[str, Any],
        infinity: str,
        photos: Path,
        out: Path,
        tmp_path: Path,
        installed_engine: object,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        arguments = ("batch", "4:5", photos, "--out", out)
        assert run(*arguments) == 0
        crops = digests(out).keys() - {NAME}
        lines = (out / NAME).read_text().splitlines()
        first = next(n for n, line in enumerate(lines) if "result" in json.loads(line))
        strange = json.dumps(json.loads(lines[first]) | change).replace("Infinity", infinity)
        lines[first : first + 1] = [infinity, strange]
        (out / NAME).write_text("\n".join(lines) + "\n")
        capsys.readouterr()
        status, told = run_json(capsys, *arguments, "--resume", "--report", tmp_path / "report")
        assert (status, told["resumed"], told["failures"]) == (0, 1, [])
        assert len(told["photos"]) == 2
        assert digests(out).keys() - {NAME} == crops

    def test_what_another_program_is_writing_stays(
        self, photos: Path, out: Path, installed_engine: object
    ) -> None:
        program = (
            "import sys, time\n"
            "from pathlib import Path\n"
            "from cropcore.files import atomic_write\n"
            "def pieces():\n"
            "    yield b'half'\n"
            "    print(flush=True)\n"
            "    sys.stdin.read()\n"
            "    yield b' and half'\n"
            "print(atomic_write.write_new(Path(sys.argv[1]), 'crop', '.jpg', pieces()).name)\n"
        )
        command = [sys.executable, "-c", program, str(out)]
        started = partial(
            subprocess.Popen,
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        with started() as writer, started() as killed:
            for process in (writer, killed):
                assert process.stdout is not None
                process.stdout.readline()
            killed.kill()
            killed.wait()
            assert len(list(out.glob(".*.cropsight-part"))) == 2
            assert run("batch", "4:5", photos, "--out", out) == 0
            assert len(list(out.glob(".*.cropsight-part"))) == 1, "that of the dead is gone"
            told, _ = writer.communicate()
        assert told == "crop.jpg\n"
        assert (out / "crop.jpg").read_bytes() == b"half and half"
        assert not list(out.glob(".*.cropsight-part"))

    def test_what_this_program_is_writing_stays(
        self, photos: Path, out: Path, installed_engine: object
    ) -> None:
        with atomic_write._temporary(out, b"whole") as part:
            assert run("batch", "4:5", photos, "--out", out) == 0
            assert part.read_bytes() == b"whole"

    def test_a_part_of_unknown_origin_is_removed_after_a_day(
        self, photos: Path, out: Path, installed_engine: object
    ) -> None:
        fresh_one, old = (out / f".{n * 16}.cropsight-part" for n in "ab")
        for part, hours in ((fresh_one, 23), (old, 25)):
            part.write_bytes(b"half")
            os.utime(part, (time.time() - hours * 3600,) * 2)
        assert run("batch", "4:5", photos, "--out", out) == 0
        assert fresh_one.exists()
        assert not old.exists()

    def test_where_nothing_can_be_locked_only_age_counts(
        self, photos: Path, out: Path, installed_engine: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = out / ".01234567-0123456789abcdef.cropsight-part"
        other.write_bytes(b"half")
        monkeypatch.setattr(atomic_write, "lock_now", lambda descriptor: None)
        assert run("batch", "4:5", photos, "--out", out) == 0
        assert other.exists()


class TestReviewRecord:
    @pytest.fixture
    def record(self, tmp_path: Path) -> ReviewRecord:
        none: list[FoundCrop] = []
        preset = Preset.from_json('{"schema": 1, "name": "p", "aspects": ["1:1"]}')
        return ReviewRecord.begun(tmp_path / "reviews", preset, tmp_path / "out", none)

    @pytest.mark.parametrize("kind", ["link", "hard link", "dangling link", "pipe", "photo"])
    def test_a_record_that_became_something_else_is_left(
        self, kind: str, record: ReviewRecord, photos: Path
    ) -> None:
        record.path.unlink()
        PLACED[kind][0](record.path, photos / "a.jpg")
        before = digests(photos)
        was = digests(record.path.parent)
        with pytest.raises(NotOwnError):
            record.add([Verdict(1, accepted=True)])
        record.close()
        assert left_behind(record.path.parent) == []
        assert digests(photos) == before
        assert digests(record.path.parent) == was

    def test_a_number_that_is_none_costs_its_line_alone(self, record: ReviewRecord) -> None:
        record.close()
        with record.path.open("a") as file:
            file.write('1e999\n{"verdict": 1e999}\n{"n": 1e999}\n{"n": 1, "candidates": [{}]}\n')
            file.write('{"verdict": 1, "accepted": true, "rejected": false, "crop": null, ')
            file.write('"orientation": [1e999, false], "written": false, "crop_id": ""}\n')
        (left,) = left_behind(record.path.parent)
        assert left.jobs == ()
        lines = record.path.read_text()
        crop = '[[[0.1, 0.1, 1e999, 0.9], "rect", 0.0], 1, 1.0, 0.5, "asm"]'
        job = '{"n": 1, "file": "a.jpg", "aspect": ["ratio", 1, 1], "method": "asm", '
        record.path.write_text(lines + job + f'"confidence": 1, "candidates": [{crop}]}}\n')
        (left,) = left_behind(record.path.parent)
        assert left.jobs == ()


class TestSidecars:
    @pytest.mark.parametrize("beside", [False, True], ids=["library", "beside"])
    @pytest.mark.parametrize("kind", ["pipe", "device", "large"])
    def test_what_cannot_be_a_sidecar_is_told_and_others_are_kept(
        self, kind: str, beside: bool, photos: Path, tmp_path: Path
    ) -> None:
        store = SidecarStore(tmp_path / "library")
        photo, other = photos / "a.jpg", photos / "b.jpg"
        store.save(other, fresh(other, kept()))
        library = store.folder / library_name(photo)
        place = photo.with_name(photo.name + SUFFIX) if beside else library
        if kind == "large":
            with place.open("wb") as file:
                file.truncate(2**35)
        else:
            PLACED[kind][0](place, photo)
        before = place.lstat()
        (notice,) = store.load(photo).notices
        said = "larger than any" if kind == "large" else "is a device or a pipe, not a file."
        assert said in str(notice)
        assert place.name in str(notice)
        found = store.load(other).sidecar
        assert found is not None
        assert found.crops
        if beside:
            assert store.save(photo, fresh(photo, kept())).path == library
        else:
            with pytest.raises(SidecarError, match="try again"):
                store.save(photo, fresh(photo, kept()))
        assert place.lstat() == before

    def test_a_link_to_a_sidecar_is_read(self, photos: Path, tmp_path: Path) -> None:
        store = SidecarStore(tmp_path / "library", beside=True)
        photo = photos / "a.jpg"
        path = store.save(photo, fresh(photo, kept())).path
        path.rename(tmp_path / "elsewhere.json")
        path.symlink_to(tmp_path / "elsewhere.json")
        found = store.load(photo)
        assert found.sidecar is not None
        assert found.notices == ()

    @pytest.mark.parametrize("kind", ["link", "dangling link", "hard link", "pipe"])
    def test_a_lock_that_is_none_is_named(self, kind: str, photos: Path, tmp_path: Path) -> None:
        store = SidecarStore(tmp_path / "library")
        store.folder.mkdir()
        PLACED[kind][0](store.folder / ".lock", photos / "a.jpg")
        before = digests(photos)
        with pytest.raises(SidecarError, match=r"\.lock: is .* try again\.$"):
            store.save(photos / "b.jpg", fresh(photos / "b.jpg", kept()))
        assert digests(photos) == before

    def test_a_photo_that_became_a_pipe_holds_nobody_up(self, photos: Path, tmp_path: Path) -> None:
        photo = photos / "a.jpg"
        photo.unlink()
        os.mkfifo(photo)
        assert SidecarStore(tmp_path / "library").load(photo).sidecar is None


def test_a_preset_that_is_a_pipe_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preset_library, "saved_folder", lambda: tmp_path)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    _, bad = all_presets()
    assert [str(error).partition(" ")[2] for error in bad] == [
        "is a device or a pipe, not a file. Choose another file."
    ] * 2
    assert run("batch", tmp_path / "pipe.json", tmp_path, "--out", tmp_path / "out") == 2
    assert capsys.readouterr().err.startswith("cropcore: pipe.json: is a device or a pipe")


class TestOpening:
    def test_a_new_file_is_made_and_appended_to(self, tmp_path: Path) -> None:
        path = tmp_path / "own"
        with pytest.raises(FileNotFoundError):
            open_own(path)
        for part in (b"one", b"two"):
            with os.fdopen(open_own(path, append=True), "ab") as file:
                file.write(part)
        with os.fdopen(open_own(path), "rb") as file:
            assert file.read() == b"onetwo"

    def test_a_file_that_is_too_large_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "own"
        path.write_bytes(b"12345")
        assert read_own(path, 5) == b"12345"
        for opening in (read_own, lambda path, largest: open_own(path, largest=largest)):
            with pytest.raises(NotOwnError, match="larger than any"):
                opening(path, 4)

    def test_a_journal_without_end_is_not_read_as_one_line(self, out: Path) -> None:
        with (out / NAME).open("wb") as file:
            file.truncate(2**35)
        with pytest.raises(Exception, match="larger than any"):
            Journal(out)

    def test_a_folder_in_the_place_of_a_lock_is_as_none(self, out: Path) -> None:
        (out / LOCK).mkdir()
        with locked(out / LOCK, 0.0):
            pass
