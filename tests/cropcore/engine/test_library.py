"""The engine as other programs use it: any image, text for aspects, plain errors, short words for values."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import cropcore
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.geometry.crop import Crop, Suggestions
from tests.cropcore.helpers.untrained import photo


@pytest.fixture(scope="module")
def engine(weights: Path) -> CropEngine:
    return cropcore.CropEngine.load("cpu", str(weights))


@pytest.fixture(scope="module")
def scene(engine: CropEngine) -> Scene:
    return engine.encode(photo(300, 200))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{seed}.png" for seed in range(6)]
    for seed, path in enumerate(paths):
        Image.fromarray(photo(300, 200 + seed, seed)).save(path)
    return paths


def first_boxes(answers: Iterator[Any]) -> list[Any]:
    return [answer if isinstance(answer, Exception) else answer[0].box for answer in answers]


def test_a_photo_gets_one_answer_in_whatever_kind_it_comes(
    engine: CropEngine, files: list[Path]
) -> None:
    wanted = engine.suggest(engine.encode(files[0]), "4:5")
    for kind in (str(files[0]), Image.open(files[0]), photo(300, 200), photo(300, 200) / 255):
        scene = engine.encode(kind)
        assert (scene.photo_width, scene.photo_height) == (300, 200)
        assert engine.suggest(scene, cropcore.Aspect.parse("4:5")) == wanted


def test_suggestions_are_a_sequence_of_candidates(engine: CropEngine, scene: Scene) -> None:
    found = engine.suggest(scene, "1:1", k=4)
    assert len(found) == 4
    assert list(found) == list(found.candidates)
    assert found[0] is found.candidates[0]
    assert found[-1].rank == 4
    assert [one.rank for one in found[1:3]] == [2, 3]
    assert found[0].box == found[0].crop.box
    assert found.index(found[2]) == 2
    assert pickle.loads(pickle.dumps(found)) == found


def test_scores_take_arrays_lists_crops_and_candidates(engine: CropEngine, scene: Scene) -> None:
    found = engine.suggest(scene, "free", k=3)
    boxes = np.array([one.box for one in found])
    wanted = engine.score(scene, [one.crop for one in found])
    for given in (boxes, boxes.tolist(), list(boxes), found, list(map(tuple, boxes))):
        assert np.array_equal(engine.score(scene, given), wanted)
    assert engine.score(scene, np.zeros((0, 4))).shape == (0,)
    assert engine.score(scene, []).shape == (0,)


def test_maps_take_a_text(engine: CropEngine, scene: Scene) -> None:
    values = engine.maps(scene, "16:9")["saliency"].values
    assert values.ndim == 2
    assert values.dtype.kind == "f"


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda e, s: e.suggest(s, "four to five"), "AspectError", "four to five"),
        (lambda e, s: e.suggest(s, 1.25), "AspectError", "'4:5'"),
        (lambda e, s: e.suggest(s, "4:5", k=0), "QuestionError", "At least 1"),
        (lambda e, s: e.suggest(s, "4:5", k=2.5), "QuestionError", "whole number"),
        (lambda e, s: e.suggest("a.jpg", "4:5"), "QuestionError", "encode"),
        (lambda e, s: e.suggest(s, "4:5", also=["wide"]), "AspectError", "wide"),
        (lambda e, s: e.suggest(s, "4:5", method="best"), "CropsightError", "best"),
        (lambda e, s: e.maps(s, "4:5", ["heat"]), "CropsightError", "heat"),
        (lambda e, s: e.maps(photo(9, 9), "4:5"), "QuestionError", "encode"),
        (lambda e, s: e.score(s, [[0, 0, 300, 200]]), "GeometryError", "pixels"),
        (lambda e, s: e.score(s, [Crop((0, 0, 300, 200))]), "GeometryError", "pixels"),
        (lambda e, s: e.score(s, (0, 0, 1, 1)), "GeometryError", "in a list"),
        (lambda e, s: e.score(s, Crop()), "GeometryError", "in a list"),
        (lambda e, s: e.score(s, np.zeros((2, 5))), "GeometryError", "four"),
        (lambda e, s: e.score(s, [[0.2, 0.2, 0.2, 0.6]]), "GeometryError", "area"),
        (lambda e, s: e.score(s, [[0, 0, 1, np.nan]]), "GeometryError", "finite"),
        (lambda e, s: e.score(photo(9, 9), [Crop()]), "QuestionError", "encode"),
        (lambda e, s: e.encode(np.zeros((0, 4, 3), np.uint8)), "ImageError", "has pixels"),
        (lambda e, s: e.suggest_many("a.jpg", "1:1"), "QuestionError", "list"),
        (lambda e, s: e.suggest_many(photo(9, 9), "1:1"), "QuestionError", "list"),
        (lambda e, s: e.suggest_many([], "1:1", k=0), "QuestionError", "At least 1"),
        (lambda e, s: e.suggest_many([], "one"), "AspectError", "one"),
        (lambda e, s: e.suggest_many([], "1:1", method="best"), "CropsightError", "best"),
        (lambda e, s: e.suggest_many([], "1:1", tightness=3), "QuestionError", "Tightness"),
        (lambda e, s: e.suggest_many([], "1:1", errors="skip"), "QuestionError", "skip"),
        (lambda e, s: CropEngine.load("cuda:x"), "DeviceError", "cuda:x"),
        (lambda e, s: CropEngine.load("cpu:1"), "DeviceError", "cpu:1"),
        (lambda e, s: CropEngine.load("cuda:99"), "DeviceError", "CUDA|cuda:99"),
        (lambda e, s: CropEngine.load("cpu", "no/such/folder"), "WeightsError", "encoder"),
    ],
)
def test_wrong_input_is_refused_in_words(
    engine: CropEngine, scene: Scene, ask: Any, error: str, words: str
) -> None:
    with pytest.raises(getattr(cropcore, error), match=words):
        ask(engine, scene)


def test_many_images_are_answered_in_order(engine: CropEngine, files: list[Path]) -> None:
    wanted = [engine.suggest(engine.encode(path), "1:1", k=2) for path in files]
    kinds = [files[0], Image.open(files[1]), photo(300, 202, 2), *files[3:]]
    assert list(engine.suggest_many(kinds, "1:1", k=2)) == wanted


def test_many_images_go_together_where_the_device_likes_it(
    engine: CropEngine, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = list(engine.suggest_many(files, "1:1", k=1))
    groups: list[int] = []
    encode_all = CropEngine.encode_all

    def counted(self: CropEngine, photos: Any, pixels: Any) -> list[Scene]:
        groups.append(len(photos))
        return encode_all(self, photos, pixels)

    monkeypatch.setattr(CropEngine, "at_once", 4)
    monkeypatch.setattr(CropEngine, "encode_all", counted)
    assert list(engine.suggest_many(files * 3, "1:1", k=1)) == wanted * 3
    assert sum(groups) == 18
    assert 1 < max(groups) <= 4


def test_an_image_that_cannot_be_used_takes_no_other_along(
    engine: CropEngine, files: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no photo")
    images = [files[0], bad, np.zeros((4, 4), np.int64), files[1]]
    found = first_boxes(engine.suggest_many(images, "1:1", errors="return"))
    assert isinstance(found[1], cropcore.PhotoError)
    assert isinstance(found[2], cropcore.ImageError)
    assert [found[0], found[3]] == first_boxes(engine.suggest_many(files[:2], "1:1"))
    answers = engine.suggest_many(images, "1:1")
    assert next(answers)[0].box == found[0]
    with pytest.raises(cropcore.PhotoError, match=r"bad\.jpg"):
        next(answers)


def test_images_without_end_are_taken_as_they_are_needed(engine: CropEngine) -> None:
    taken = 0

    def endless() -> Iterator[NDArray[np.uint8]]:
        nonlocal taken
        while True:
            taken += 1
            yield photo(60, 40)

    answers = engine.suggest_many(endless(), "1:1", k=1)
    for _ in range(5):
        next(answers)
    assert taken < 5 + 20
    answers.close()  # type: ignore[attr-defined]


def test_trouble_of_the_source_comes_behind_what_was_before(engine: CropEngine) -> None:
    def broken() -> Iterator[NDArray[np.uint8]]:
        yield photo(60, 40)
        raise OSError("the disk is gone")

    answers = engine.suggest_many(broken(), "1:1", k=1)
    assert isinstance(next(answers), Suggestions)
    with pytest.raises(OSError, match="the disk is gone"):
        next(answers)


def test_everything_public_fits_on_a_line(
    engine: CropEngine, scene: Scene, files: list[Path]
) -> None:
    found = engine.suggest(scene, "4:5", also=["1:1"])
    rounded = engine.suggest(scene, "circle")
    shown = [
        engine,
        scene,
        found,
        *found,
        *rounded,
        found[0].crop,
        found[0].nested[0],
        Crop((1 / 3, 1 / 7, 2 / 3, 6 / 7), "circle", -12.3456789),
        found.aspect,
        cropcore.read_photo(files[0]),
        engine.explain(scene, found[0].crop, found.aspect, [one.crop for one in found]),
        *engine.maps(scene, "4:5").values(),
    ]
    for value in shown:
        text = repr(value)
        assert text.startswith(type(value).__name__)
        assert len(text) <= 110, text
        assert "\n" not in text
        assert " at 0x" not in text
