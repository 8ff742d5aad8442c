"""Writing: nothing is overwritten, nothing half is left, and every failure says what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cropcore.errors import ExportError
from cropcore.export.export import ExportOptions, Size, export_crop
from cropcore.files import atomic_write
from cropcore.files.photo_scan import EXPORT_FOLDER
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from tests.cropcore.helpers import photo_maker as maker


@pytest.fixture
def photo_path(tmp_path: Path) -> Path:
    maker.image(width=600, height=400).save(tmp_path / "a.jpg")
    return tmp_path / "a.jpg"


def write(path: Path, **options: Any) -> Path:
    return export_crop(read_photo(path), Crop(), Aspect("free"), ExportOptions(**options)).path


def failing(path: Path, **options: Any) -> ExportError:
    with pytest.raises(ExportError) as caught:
        write(path, **options)
    assert caught.value.remedy
    return caught.value


def test_default_folder_is_beside_the_photo(photo_path: Path) -> None:
    assert write(photo_path) == photo_path.parent / EXPORT_FOLDER / "a_free_1.jpg"


def test_taken_names_get_a_number(photo_path: Path, tmp_path: Path) -> None:
    names = [write(photo_path, folder=tmp_path / "out").name for _ in range(3)]
    assert names == ["a_free_1.jpg", "a_free_1 (2).jpg", "a_free_1 (3).jpg"]


@pytest.mark.parametrize("kind", ["folder", "dangling link", "link to the photo", "hard link"])
def test_whatever_holds_the_name_stays(photo_path: Path, tmp_path: Path, kind: str) -> None:
    before = photo_path.read_bytes()
    taken = tmp_path / "out" / "a_free_1.jpg"
    taken.parent.mkdir()
    match kind:
        case "folder":
            taken.mkdir()
        case "dangling link":
            taken.symlink_to(tmp_path / "nowhere.jpg")
        case "link to the photo":
            taken.symlink_to(photo_path)
        case _:
            taken.hardlink_to(photo_path)
    assert write(photo_path, folder=tmp_path / "out").name == "a_free_1 (2).jpg"
    assert not (tmp_path / "nowhere.jpg").exists()
    assert photo_path.read_bytes() == before


def test_a_template_that_names_the_photo_itself(photo_path: Path) -> None:
    before = photo_path.read_bytes()
    done = write(photo_path, folder=photo_path.parent, template="{name}")
    assert done.name == "a (2).jpg"
    assert photo_path.read_bytes() == before


def test_folder_behind_a_link(photo_path: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(photo_path, folder=tmp_path / "link")
    assert (tmp_path / "real" / "a_free_1.jpg").is_file()


def test_many_writers_never_meet(tmp_path: Path) -> None:
    contents = [bytes([i]) * 1000 for i in range(40)]
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda c: atomic_write.write_new(tmp_path, "x", ".bin", c), contents))
    assert len(set(paths)) == 40
    assert {p.read_bytes() for p in paths} == set(contents)
    assert len(list(tmp_path.iterdir())) == 40


def test_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    first, second = (
        atomic_write.write_new(tmp_path, "x", ".bin", text) for text in (b"one", b"two")
    )
    assert (first.name, first.read_bytes()) == ("x.bin", b"one")
    assert (second.name, second.read_bytes()) == ("x (2).bin", b"two")
    assert len(list(tmp_path.iterdir())) == 2


def test_new_files_get_usual_permissions(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    written = atomic_write.write_new(tmp_path, "x", ".bin", b"1")
    assert written.stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_full_disk_leaves_nothing_behind(photo_path: Path, tmp_path: Path) -> None:
    """A real write that fails half way, by the system's limit on the size of a file."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        error = failing(photo_path, folder=tmp_path / "out", format="png")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "full" in str(error.reason)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "may not be written to"),
        (errno.EACCES, "may not be written to"),
        (errno.EIO, "could not be written"),
    ],
)
def test_failure_of_the_system(
    photo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    error = failing(photo_path, folder=tmp_path / "out")
    assert reason in str(error.reason)
    assert "a_free_1.jpg" in str(error)
    assert list((tmp_path / "out").iterdir()) == []


def test_read_only_folder(photo_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        folder = Path("/proc/self")  # nobody can make files there, a superuser neither
        if not folder.exists():
            pytest.skip("a superuser may write everywhere here")
    assert str(failing(photo_path, folder=folder).remedy) == "Choose another folder."


def test_folder_that_is_a_file(photo_path: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        assert "not a folder" in str(failing(photo_path, folder=folder).reason)
    assert (tmp_path / "out").read_text() == "a file"


def test_encoder_that_fails_makes_no_file(
    photo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("encoder error -2")

    monkeypatch.setattr(Image.Image, "save", fail)
    assert "JPEG" in str(failing(photo_path, folder=tmp_path / "out").reason)
    assert not (tmp_path / "out").exists()


def test_size_beyond_the_format(photo_path: Path) -> None:
    error = failing(photo_path, format="webp", size=Size(20_000))
    assert "16383" in str(error.remedy)


def test_size_beyond_reason(photo_path: Path) -> None:
    for size in (Size(65_500, 65_500), Size(65_500)):
        error = failing(photo_path, format="png", size=size)
        assert "more than the 500 megapixels" in str(error.reason)
        assert "smaller size" in str(error.remedy)


def test_heic_without_its_package(photo_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert "pip install" in str(failing(photo_path, format="heic").remedy)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_while_writing_leaves_a_hidden_part_that_a_later_export_removes(
    tmp_path: Path,
) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from cropcore.files import atomic_write\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic_write.write_new(Path(sys.argv[1]), 'photo', '.jpg', b'x' * 10**6)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, check=False, cwd=root).returncode == -9
    (part,) = tmp_path.iterdir()
    assert part.name.startswith(".")
    os.utime(part, (0, 0))
    atomic_write.write_new(tmp_path, "photo", ".jpg", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["photo.jpg"]
