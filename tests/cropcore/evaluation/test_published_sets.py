"""Published dataset layouts, on small made-up copies."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from cropcore.errors import AnnotationError
from cropcore.evaluation.annotations import Pair
from cropcore.evaluation.published_sets import (
    PublishedSet,
    read_cpc,
    read_fat,
    read_fcdb,
    read_flms,
    read_gaicd,
    read_published,
)
from tests.cropcore.helpers import layout_maker


def photo(path: Path, width: int = 200, height: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height)).save(path)
    return path


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.fixture
def gaicd(tmp_path: Path) -> Path:
    photo(tmp_path / "images" / "train" / "b.jpg")
    photo(tmp_path / "images" / "train" / "a.jpg", 100, 200)
    photo(tmp_path / "images" / "test" / "c.jpg")
    write(tmp_path / "annotations" / "a.txt", "20 10 180 90 3.5\n")
    write(tmp_path / "annotations" / "b.txt", "10 20 90 180 4.2\n0 0 100 100 -2\n5 0 95 200 2\n\n")
    write(tmp_path / "annotations" / "c.txt", "0 0 50 200 1.5\n")
    return tmp_path


@pytest.fixture
def cpc(tmp_path: Path) -> Path:
    photo(tmp_path / "images" / "a.jpg")
    photo(tmp_path / "images" / "b.jpg")
    entry = {"bboxes": [[0, 0, 100, 100], [20, 10, 180, 90]], "scores": [[4, 1], [2, 1], [3, 4]]}
    write(tmp_path / "CollectedAnnotationsRaw" / "a.jpg.txt", json.dumps(json.dumps(entry)))
    write(tmp_path / "CollectedAnnotationsRaw" / "b.jpg.txt", entry)
    return tmp_path


@pytest.fixture
def fcdb(tmp_path: Path) -> Path:
    def item(name: str, **values: Any) -> dict[str, Any]:
        return {"url": f"https://farm5.example/1/{name}", "flickr_photo_id": 1, **values}

    photo(tmp_path / "data" / "1_b.jpg")
    photo(tmp_path / "data" / "2_b.jpg")
    write(
        tmp_path / "cropping_training_set.json",
        [item("1_b.jpg", crop=[20, 10, 160, 80]), item("gone_b.jpg", crop=[0, 0, 10, 10])],
    )
    write(tmp_path / "cropping_testing_set.json", [item("2_b.jpg", crop=[0, 0, 200, 50])])
    vote = {
        "crop_0": [0, 0, 100, 50],
        "crop_1": [100, 50, 100, 50],
        "vote_for_0": 4,
        "vote_for_1": 1,
    }
    votes = [item("1_b.jpg", crops=[vote]), item("elsewhere_c.jpg", crops=[vote])]
    write(tmp_path / "ranking_annotation.json", votes)
    return tmp_path


@pytest.fixture
def flms(tmp_path: Path) -> Path:
    photo(tmp_path / "image" / "a.jpg")
    photo(tmp_path / "image" / "b.jpg", 100, 200)
    records = np.zeros((2, 1), dtype=[("filename", object), ("bbox", object)])
    records[0, 0] = ("a.jpg", np.array([[10, 20, 90, 180], [-1, -1, -1, -1], [0, 0, 100, 300.0]]))
    records[1, 0] = ("b.jpg", np.array([[0, 0, 200, 100], [50, 0, 200, 100.0]]))
    savemat(tmp_path / "500_image_dataset.mat", {"img_gt": records})
    return tmp_path


@pytest.fixture
def fat(tmp_path: Path) -> Path:
    photo(tmp_path / "images" / "a b.jpg")
    photo(tmp_path / "images" / "c.jpg")
    write(
        tmp_path / "fat_train.txt", "a b.jpg 20 10 180 90\nc.jpg 0 0 100 100\na b.jpg 0 0 50 50\n"
    )
    write(tmp_path / "fat_test.txt", "c.jpg 0 0 200 50\n")
    return tmp_path


def test_gaicd_version_1(gaicd: Path) -> None:
    found = read_gaicd(gaicd, "train")
    assert list(found.annotations) == ["a.jpg", "b.jpg"]
    assert found.images == gaicd / "images" / "train"
    b = found.annotations["b.jpg"]
    assert (b.width, b.height) == (200, 100)
    np.testing.assert_allclose(b.crops, [[0.1, 0.1, 0.9, 0.9], [0, 0.05, 1, 0.95]])
    assert b.mos == (4.2, 2.0)
    np.testing.assert_allclose(found.annotations["a.jpg"].crops, [[0.1, 0.1, 0.9, 0.9]])
    assert list(read_gaicd(gaicd, "test").annotations) == ["c.jpg"]


def test_gaicd_version_2_has_annotations_per_split(gaicd: Path) -> None:
    write(gaicd / "annotations" / "test" / "c.txt", "0 0 100 100 5\n")
    np.testing.assert_allclose(read_gaicd(gaicd, "test").annotations["c.jpg"].mos, [5])


def test_cpc_takes_the_mean_over_the_workers(cpc: Path) -> None:
    found = read_cpc(cpc)
    assert list(found.annotations) == ["a.jpg", "b.jpg"]
    for labels in found.annotations.values():
        np.testing.assert_allclose(labels.crops, [[0, 0, 0.5, 1], [0.1, 0.1, 0.9, 0.9]])
        np.testing.assert_allclose(labels.mos, [3, 2])


def test_cpc_as_one_file(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.jpg")
    entry = {"a.jpg": {"bboxes": [[0, 0, 100, 100]], "scores": [2.5]}}
    write(tmp_path / "image_crop.json", entry)
    labels = read_cpc(tmp_path).annotations["a.jpg"]
    assert labels.crops == ((0.0, 0.0, 0.5, 1.0),)
    assert labels.mos == (2.5,)


def test_fcdb_joins_crops_and_votes_and_names_absent_photos(fcdb: Path) -> None:
    found = read_fcdb(fcdb, "train")
    assert list(found.annotations) == ["1_b.jpg"]
    assert found.absent == ("gone_b.jpg",)
    labels = found.annotations["1_b.jpg"]
    np.testing.assert_allclose(labels.best_crop, [0.1, 0.1, 0.9, 0.9])
    assert labels.pairs == (Pair((0, 0, 0.5, 0.5), (0.5, 0.5, 1, 1), 4, 1),)
    test = read_fcdb(fcdb, "test")
    assert test.annotations["2_b.jpg"].best_crop == (0, 0, 1, 0.5)
    assert test.annotations["2_b.jpg"].pairs == ()


def test_fcdb_without_votes_and_with_the_photos_in_images(fcdb: Path) -> None:
    (fcdb / "ranking_annotation.json").unlink()
    (fcdb / "data").rename(fcdb / "images")
    found = read_fcdb(fcdb)
    assert found.images == fcdb / "images"
    assert found.annotations["1_b.jpg"].pairs == ()


def test_fcdb_without_any_photo_is_refused(fcdb: Path) -> None:
    (fcdb / "data" / "1_b.jpg").unlink()
    with pytest.raises(AnnotationError, match="no annotated photo"):
        read_fcdb(fcdb)


def test_flms_leaves_out_missing_rows_and_those_outside_the_photo(flms: Path) -> None:
    found = read_flms(flms)
    np.testing.assert_allclose(found.annotations["a.jpg"].crops, [[0.1, 0.1, 0.9, 0.9]])
    crops = found.annotations["b.jpg"].crops
    np.testing.assert_allclose(crops, [[0, 0, 1, 1], [0, 0.25, 1, 1]])
    assert found.annotations["b.jpg"].mos == ()


def test_fat_gathers_the_thumbnails_of_a_photo(fat: Path) -> None:
    found = read_fat(fat)
    crops = found.annotations["a b.jpg"].crops
    np.testing.assert_allclose(crops, [[0.1, 0.1, 0.9, 0.9], [0, 0, 0.25, 0.5]])
    assert list(read_fat(fat, "test").annotations) == ["c.jpg"]


@pytest.mark.parametrize(
    ("name", "split", "read"),
    [
        ("gaicd", "train", read_gaicd),
        ("cpc", "train", read_cpc),
        ("fcdb", "train", read_fcdb),
        ("flms", "test", read_flms),
        ("fat", "train", read_fat),
    ],
)
def test_layouts_are_recognised(
    name: str, split: Any, read: Callable[..., PublishedSet], request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(name)
    found, expected = read_published(folder, split), read(folder, split)
    assert found.images == expected.images
    assert list(found.annotations) == list(expected.annotations)
    assert all((found.images / file).is_file() for file in found.annotations)


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="known layout"):
        read_published(tmp_path)


@pytest.mark.parametrize(
    ("name", "file", "content", "message"),
    [
        ("gaicd", "annotations/b.txt", "1 2 3\n", "b.txt: line 1 must hold 5 numbers"),
        ("gaicd", "annotations/b.txt", "0 0 9 9 1\n0 0 9 x 1\n", "line 2 must hold 5 numbers"),
        ("gaicd", "annotations/b.txt", "0 0 100 260 3\n", r"b.jpg: crops\[0\] reaches outside"),
        ("gaicd", "annotations/b.txt", "50 0 50 100 3\n", r"b.jpg: crops\[0\] is empty"),
        ("cpc", "CollectedAnnotationsRaw/a.jpg.txt", "{", "is no JSON file"),
        ("cpc", "CollectedAnnotationsRaw/a.jpg.txt", {"bboxes": []}, "needs bboxes and scores"),
        (
            "cpc",
            "CollectedAnnotationsRaw/a.jpg.txt",
            {"bboxes": [[0, 0, 9, 9]], "scores": [[1, 2]]},
            "do not fit",
        ),
        (
            "cpc",
            "CollectedAnnotationsRaw/a.jpg.txt",
            {"bboxes": [[0, 0, 9, 9], [0, 0, 9]], "scores": [[1, 2]]},
            "needs bboxes and scores",
        ),
        ("fcdb", "cropping_training_set.json", {}, "must hold a list"),
        ("fcdb", "cropping_training_set.json", [{"crop": [1, 2, 3, 4]}], "needs a url"),
        ("fcdb", "cropping_training_set.json", [{"url": "x/1_b.jpg", "crop": [1]}], "four numbers"),
        ("fcdb", "cropping_training_set.json", [{"url": "x/1_b.jpg"}], "1_b.jpg: a crop is four"),
        (
            "fcdb",
            "ranking_annotation.json",
            [{"url": "x/1_b.jpg", "crops": [{"crop_0": [0, 0, 9, 9], "crop_1": [0, 0, 8, 8]}]}],
            "votes_a must be a whole number",
        ),
        ("fat", "fat_train.txt", "c.jpg 1 2 3\n", "line 1 must hold 4 numbers"),
        ("fat", "fat_train.txt", "../c.jpg 0 0 9 9\n", "no file name inside"),
    ],
)
def test_malformed_files_are_named(
    name: str, file: str, content: Any, message: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(name)
    write(folder / file, content)
    with pytest.raises(AnnotationError, match=message) as caught:
        read_published(folder)
    assert caught.value.path.name == Path(file).name


@pytest.mark.parametrize(
    ("name", "split", "file"),
    [
        ("gaicd", "train", "annotations/a.txt"),
        ("cpc", "train", "images/a.jpg"),
        ("fcdb", "train", "cropping_training_set.json"),
        ("flms", "test", "image/a.jpg"),
        ("fat", "train", "images/c.jpg"),
        ("fat", "train", "fat_train.txt"),
    ],
)
def test_missing_files_are_named(
    name: str, split: Any, file: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(name)
    (folder / file).unlink()
    with pytest.raises(AnnotationError) as caught:
        read_published(folder, split)
    assert caught.value.path.name == Path(file).name


def test_a_damaged_mat_file_and_a_foreign_one_are_refused(flms: Path) -> None:
    path = flms / "500_image_dataset.mat"
    savemat(path, {"other": np.zeros(3)})
    with pytest.raises(AnnotationError, match="no FLMS annotation file"):
        read_flms(flms)
    path.write_bytes(b"no such thing" * 40)
    with pytest.raises(AnnotationError, match="no FLMS annotation file"):
        read_flms(flms)
    path.unlink()
    with pytest.raises(AnnotationError, match="cannot be read"):
        read_flms(flms)


@pytest.mark.parametrize(
    ("name", "split", "read"),
    [
        ("cpc", "test", read_cpc),
        ("flms", "train", read_flms),
        ("fcdb", "validation", read_fcdb),
        ("fat", "validation", read_fat),
    ],
)
def test_splits_that_do_not_exist_are_refused(
    name: str, split: Any, read: Callable[..., PublishedSet], request: pytest.FixtureRequest
) -> None:
    with pytest.raises(AnnotationError, match="has no split"):
        read(request.getfixturevalue(name), split)


def test_a_missing_gaicd_split_is_named(gaicd: Path) -> None:
    with pytest.raises(AnnotationError, match="validation: cannot be read"):
        read_gaicd(gaicd, "validation")


@pytest.mark.parametrize("name", ["gaicd", "cpc", "fcdb", "flms", "fat"])
def test_every_split_of_every_layout_is_reached(name: str, tmp_path: Path) -> None:
    folder = layout_maker.LAYOUTS[name](tmp_path / name)
    splits = {"flms": ["test"], "cpc": ["train", "validation"]}
    names: set[str] = set()
    for split in splits.get(name, ["train", "validation", "test"]):
        found = read_published(folder, split)  # type: ignore[arg-type]
        assert found.layout == name
        assert len(found.annotations) >= 2
        assert all((found.images / file).is_file() for file in found.annotations)
        assert not names & set(found.annotations)
        names |= set(found.annotations)
        unpublished = split != "test" and name not in ("gaicd", "flms")
        assert bool(found.note) == unpublished


def test_fewer_photos_are_held_out_from_among_more(tmp_path: Path) -> None:
    folder = layout_maker.cpc(tmp_path / "cpc", 30)
    few = read_published(folder, "validation", held_out=2)
    many = read_published(folder, "validation", held_out=1000)
    assert len(few.annotations) == 2
    assert len(many.annotations) == 6  # a fifth at most
    assert set(few.annotations) < set(many.annotations)
    assert str(few.note).startswith("2 of 30 photos of the training split are held out")
    left = read_published(folder, "train", held_out=2)
    assert len(left.annotations) == 28
