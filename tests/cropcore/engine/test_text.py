"""Pieces of text are found, and kept whole by every candidate that can, where that is wanted."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.engine.text_detector import boxes_of
from cropcore.errors import CropsightError, QuestionError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import as_boxes, iou
from cropcore.geometry.holding import holds
from cropcore.images.photo import read_photo
from tests.cropcore.helpers import photo_maker as maker

WORDS = (0.5, 0.685, 0.815, 0.755)
"""Where the poster's text lies, about."""


@pytest.fixture(scope="module")
def engine() -> CropEngine:
    return CropEngine.load("cpu")


@pytest.fixture(scope="module")
def poster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pixels = cv2.resize(np.asarray(data.chelsea(), np.uint8), (1200, 800))
    at, font = (600, 600), cv2.FONT_HERSHEY_DUPLEX
    cv2.putText(pixels, "OPEN TODAY", at, font, 2.0, (255, 255, 255), 5, cv2.LINE_AA)
    path = tmp_path_factory.mktemp("poster") / "poster.jpg"
    cv2.imwrite(str(path), pixels[:, :, ::-1])
    return path


@pytest.fixture(scope="module")
def scene(engine: CropEngine, poster: Path) -> Scene:
    return engine.encode(poster)


def test_text_is_found_where_it_lies(engine: CropEngine, scene: Scene) -> None:
    [found] = engine.find_text(scene)
    assert iou(found, WORDS) > 0.7


def test_a_photo_without_text_has_none(engine: CropEngine, tmp_path: Path) -> None:
    for name in ("coffee", "chelsea"):
        path = tmp_path / f"{name}.png"
        cv2.imwrite(str(path), np.asarray(getattr(data, name)(), np.uint8)[:, :, ::-1])
        assert engine.find_text(engine.encode(path)) == ()


@pytest.mark.parametrize("aspect", ["free", "1:1", "16:9", "9:16", "circle"])
def test_no_candidate_cuts_the_text_where_that_is_wanted(
    engine: CropEngine, scene: Scene, aspect: str
) -> None:
    text = engine.find_text(scene)
    asked = Aspect.parse(aspect)
    plain = engine.suggest(scene, aspect)
    assert all("text" not in c.cuts for c in plain.candidates)
    kept = engine.suggest(scene, aspect, keep_text=True)
    assert len(kept.candidates) >= 2
    boxes = as_boxes([c.crop.box for c in kept.candidates])
    assert holds(boxes, as_boxes(text), 1.5, asked.is_circle).all()
    assert all(c.cuts == () for c in kept.candidates)


def test_without_the_wish_the_text_is_cut(engine: CropEngine, scene: Scene) -> None:
    """Or the test above would hold without anything done."""
    text = as_boxes(engine.find_text(scene))
    boxes = as_boxes([c.crop.box for c in engine.suggest(scene, "9:16").candidates])
    assert not holds(boxes, text, 1.5).all()


def test_a_crop_that_cuts_text_is_told_and_scored_below(engine: CropEngine, scene: Scene) -> None:
    question = CropQuestion(Aspect.parse("1:1"), keep_text=True)
    best = engine.answer(scene, question).candidates[0]
    through = best.crop.__class__((0.1, 0.0, 0.1 + 2 / 3, 1.0))
    scores = engine.calibrated(scene, [best.crop, through], question)
    assert scores[1] < scores[0]


def test_text_of_a_straightened_photo(engine: CropEngine, poster: Path, tmp_path: Path) -> None:
    """As found in pixels that were turned before."""
    from cropcore.images.photo import net_pixels

    photo = read_photo(poster)
    straight = engine.encode(photo, net_pixels(photo, 4.0))
    [turned] = engine.find_text(straight, 4.0)
    [plain] = engine.find_text(engine.encode(photo))
    # Right of the middle, so that turning by 4 degrees moves it up or down by more than 1 %.
    assert 0.01 < abs(turned[1] - plain[1]) < 0.12


def test_pixels_have_no_file_to_look_for_text_in(engine: CropEngine) -> None:
    with pytest.raises(QuestionError, match="pixels"):
        engine.suggest(engine.encode(data.coffee()), "1:1", keep_text=True)


def test_without_the_extra_one_sentence_says_what_to_install(
    engine: CropEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cropcore.engine.text_detector.text_network", lambda: None)
    monkeypatch.setattr(engine, "_text_detector", None)
    maker.image(width=300, height=200).save(tmp_path / "plain.png")
    with pytest.raises(CropsightError, match=r"pip install 'cropsight\[text\]'"):
        engine.suggest(engine.encode(tmp_path / "plain.png"), "1:1", keep_text=True)


def test_boxes_are_grown_back_and_blobs_left_out() -> None:
    probability = np.zeros((320, 640), np.float32)
    probability[100:110, 50:250] = 0.9  # a shrunk line
    probability[200:206, 50:90] = 0.5  # not sure enough
    probability[20:300, 400:600] = 0.95  # a thing, no line
    [(x1, y1, x2, y2)] = boxes_of(probability)
    grown = 1.6 * 2000 / 420
    assert np.allclose((x1 * 640, x2 * 640), (50 - grown, 250 + grown))
    assert np.allclose((y1 * 320, y2 * 320), (100 - grown, 110 + grown))
