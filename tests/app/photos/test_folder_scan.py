"""What is told of files and folders that were dropped, portion by portion."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from app.photos.folder_scan import list_photos
from app.photos.opener import _local_paths
from cropcore.files.photo_scan import Listed, gather


def listed(*paths: Path) -> tuple[list[Path], list[str]]:
    found: list[Listed] = []
    trouble: list[str] = []
    list_photos(paths, found.extend, trouble.append)
    return [path for path, _ in found], trouble


def test_the_strip_and_a_batch_have_one_order(tmp_path: Path) -> None:
    for name in (
        "b10.jpg",
        "B9.JPG",
        "2/a.png",
        "10/c.tif",
        "Cropsight/b9_1.jpg",
        "x.txt",
        ".h.jpg",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found, trouble = listed(tmp_path)
    assert found == [tmp_path / name for name in ("B9.JPG", "b10.jpg", "2/a.png", "10/c.tif")]
    assert found == gather([tmp_path], tmp_path / "out").photos
    assert trouble == []


def test_a_folder_that_cannot_be_looked_into_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    _, (told,) = listed(tmp_path)
    assert told.startswith(f"{tmp_path.name} could not be looked into: permission denied.")


def test_files_keep_their_place_and_folders_without_photos_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    last, first = tmp_path / "a.jpg", tmp_path / "z.dat"
    last.write_bytes(b"x")
    first.write_bytes(b"x")
    missing = tmp_path / "missing.jpg"
    found, trouble = listed(first, tmp_path / "empty", missing, last)
    assert found == [first, missing, last]
    assert trouble == ["empty: no photos in this folder."]


def test_listing_stops_when_it_is_told_to(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    found: list[Listed] = []
    list_photos([tmp_path], found.extend, lambda _: None, lambda: True)
    assert found == []


@pytest.mark.parametrize("name", ["a b.jpg", "é ü.jpg", "100%.jpg", "a#b?.jpg"])
def test_dropped_names_arrive_as_they_are(name: str) -> None:
    uris = [f"file:///photos/{quote(name)}".encode(), b"https://example.org/x.jpg"]
    assert _local_paths(uris) == [Path("/photos") / name]
