"""Which files a folder stands for, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.errors import OptionError
from cropcore.files.natural_order import natural
from cropcore.files.photo_scan import PhotoWalk, gather


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def names(folder: Path, photos: list[Path]) -> list[str]:
    return [str(photo.relative_to(folder)) for photo in photos]


def test_a_folder_is_taken_with_all_below_it_in_natural_order(tmp_path: Path) -> None:
    lay(tmp_path, "b10.jpg", "B9.JPG", "day 10/a.png", "day 9/z.tif", "day 9/deeper/c.heic")
    lay(tmp_path, "notes.txt", ".hidden.jpg", "._b9.jpg", ".git/x.jpg", "day 9/README")
    lay(tmp_path, "Cropsight/b9_4x5_1.jpg", "day 9/Cropsight/z.jpg", "crops/b9_1.jpg")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "day 9" / "circle.jpg").symlink_to(tmp_path, target_is_directory=True)
    found = gather([tmp_path], tmp_path / "day 9" / ".." / "crops")
    assert names(tmp_path, found.photos) == [
        *("B9.JPG", "b10.jpg", "day 9/z.tif", "day 9/deeper/c.heic", "day 10/a.png"),
    ]
    assert (found.failures, found.left_out) == ([], 2)


def test_what_is_named_is_taken_once_and_in_its_place(tmp_path: Path) -> None:
    lay(tmp_path, "2.jpg", "1.jpg", "x.doc", "Cropsight/old.jpg")
    named = [tmp_path / name for name in ("2.jpg", "", "x.doc", "missing.jpg", "Cropsight")]
    found = gather([*named, tmp_path / "Cropsight" / ".." / "1.jpg"], tmp_path / "out")
    assert names(tmp_path, found.photos) == [
        *("2.jpg", "1.jpg", "x.doc", "missing.jpg", "Cropsight/old.jpg"),
    ]


def test_crops_do_not_go_to_the_folder_of_the_photos(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OptionError, match="folder of the photos itself"):
        gather([tmp_path / "out"], tmp_path / "out" / ".." / "out")


def test_files_come_with_the_stamps_that_they_have(tmp_path: Path) -> None:
    lay(tmp_path, "a.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "gone")
    told = list(PhotoWalk().photos(tmp_path))
    first = tmp_path / "a.jpg"
    assert told == [(first, (first.stat().st_mtime_ns, 1)), (tmp_path / "b.jpg", (0, 0))]
    assert list(PhotoWalk().photos(first)) == told[:1]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_closed_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    found = gather([tmp_path], tmp_path / "out")
    assert [f.path.name for f in found.failures] == ["closed"]


def test_a_folder_that_cannot_be_listed_is_named_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "a/1.jpg", "b/2.jpg", "c/3.jpg")
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if folder == tmp_path / "b":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = gather([tmp_path], tmp_path / "out")
    assert names(tmp_path, found.photos) == ["a/1.jpg", "c/3.jpg"]
    assert [str(failure) for failure in found.failures] == [
        "b: could not be looked into: permission denied. Change the permissions of the folder."
    ]


@given(st.lists(st.integers(0, 10_000), unique=True))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    names = sorted((f"IMG_{n}.jpg" for n in numbers), key=natural)
    assert names == [f"IMG_{n}.jpg" for n in sorted(numbers)]


@given(st.lists(st.text(max_size=8)))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural) == sorted(backwards, key=natural)
