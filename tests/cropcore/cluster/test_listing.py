"""Photos behind paths and URLs are listed once, as a local batch would, and fetched under their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from cropcore.cluster.listing import Listing
from cropcore.cluster.sources import UrlSource, fetched
from cropcore.cluster.url_system import opened_system, place_of
from cropcore.errors import OptionError, PhotoError
from cropcore.files.photo_scan import gather
from tests.cropcore.cluster.conftest import Bucket

NAMES = (
    *("10.jpg", "2.jpg", "b/ü 1.JPG", "b/c/3.png", "Cropsight/2_4x5_1.jpg"),
    *(".hidden.jpg", ".folder/4.jpg", "notes.txt", "crops/2_4x5_1.jpg"),
)


def test_a_folder_is_listed_as_a_local_batch_lists_it(tmp_path: Path) -> None:
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(name.encode())
    places = [tmp_path, tmp_path / "notes.txt", tmp_path / "b", tmp_path / "gone.jpg"]
    listing = Listing.of(places, tmp_path / "crops")
    scan = gather(places, tmp_path / "crops")
    assert [photo for photo, _, _ in listing] == [str(path) for path in scan.photos]
    assert listing.left_out == scan.left_out
    assert len(listing) == 6
    for photo, size, mtime_ns in listing:
        path = Path(photo)
        assert size == (path.stat().st_size if path.exists() else -1)
        assert mtime_ns == (path.stat().st_mtime_ns if path.exists() else -1)


def test_a_bucket_is_listed_page_by_page(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "marker/"):
        bucket.system.pipe_file(f"photos/listed/{name}", name.encode())
    source = UrlSource("s3://photos/listed", **bucket.options)
    call, pages = source._system.call_s3, []

    def short(method: str, **kwargs: object) -> object:
        pages.append(method)
        return call(method, MaxKeys=2, **kwargs)

    monkeypatch.setattr(source._system, "call_s3", short)
    found = list(source.photos("s3://photos/listed/crops"))
    wanted = ["10.jpg", "2.jpg", "b/c/3.png", "b/ü 1.JPG"]
    assert [photo for photo, _, _ in found] == [f"s3://photos/listed/{name}" for name in wanted]
    assert [size for _, size, _ in found] == [len(name.encode()) for name in wanted]
    assert all(mtime_ns > 0 for _, _, mtime_ns in found)
    assert source.left_out == 1
    assert len(pages) > 2


def test_a_store_without_pages_is_listed_folder_by_folder() -> None:
    system, _ = opened_system("memory://listed")
    for name in NAMES:
        system.pipe_file(f"/listed/{name}", name.encode())
    source = UrlSource("memory://listed")
    found = [photo for photo, _, _ in source.photos()]
    wanted = ["10.jpg", "2.jpg", "b/ü 1.JPG", "b/c/3.png", "crops/2_4x5_1.jpg"]
    assert found == [f"memory://listed/{name}" for name in wanted]


def test_a_named_object_is_always_tried(bucket: Bucket) -> None:
    bucket.system.pipe_file("photos/one/notes.txt", b"no photo")
    (only,) = UrlSource("s3://photos/one/notes.txt", **bucket.options).photos()
    assert only.photo == "s3://photos/one/notes.txt"


def test_what_is_not_there_is_a_named_failure(in_environment: Bucket, tmp_path: Path) -> None:
    places: list[Path | str] = ["s3://missing/photos", "s3://photos/nothing here"]
    listing = Listing.of(places, tmp_path)
    assert [place for place, _ in listing.failures] == places
    assert all("no such bucket or folder" in str(failure) for _, failure in listing.failures)
    with pytest.raises(OptionError, match="cropsight"):
        Listing.of(["nothing://photos"], tmp_path)


@pytest.mark.parametrize("place", ["s3://photos/a", "folder"])
def test_crops_do_not_go_where_the_photos_are(place: str, tmp_path: Path) -> None:
    out = tmp_path if place == "folder" else place
    with pytest.raises(OptionError, match="the folder of the photos itself"):
        Listing.of([out], out)


@pytest.mark.parametrize("name", ["with space.jpg", "ü%20#1?.jpg", "x" * 400 + ".jpg"])
def test_a_photo_is_fetched_under_its_name(name: str, bucket: Bucket, tmp_path: Path) -> None:
    bucket.system.pipe_file(f"photos/fetched/{name}", b"123")
    path = fetched(
        f"s3://photos/fetched/{name}", tmp_path, lambda url: opened_system(url, **bucket.options)
    )
    assert path.read_bytes() == b"123"
    assert path.suffix == ".jpg"
    assert name.startswith(path.stem)


def test_a_photo_that_is_gone_is_named(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"gone\.jpg: is not there"):
        fetched("s3://photos/gone.jpg", tmp_path, lambda url: opened_system(url, **bucket.options))
    assert list(tmp_path.iterdir()) == []


def test_paths_and_file_urls_are_paths(tmp_path: Path) -> None:
    assert place_of((tmp_path / "a b").as_uri()) == tmp_path / "a b"
    assert place_of("a b/c:d") == Path("a b/c:d")
    assert place_of("s3://bucket/a b/") == "s3://bucket/a b"
