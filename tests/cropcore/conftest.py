"""An engine double that answers from plain rules, and real photo files to ask it about."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import DeviceError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import fit_to_ratio
from cropcore.geometry.crop import Box, Candidate, Crop, Map, Suggestions
from cropcore.images.photo import Photo, srgb_pixels
from cropcore.messages import NOTHING, Message


@dataclass
class DoubleScene:
    photo_width: int
    photo_height: int
    light: NDArray[np.float64]
    heads: tuple[tuple[float, float, float, float], ...] = ()


class EngineDouble:
    """Likes bright places: a crop's score is its mean brightness, its saliency the brightness."""

    methods: tuple[str, ...] = ("gaic", "asm")
    map_names: tuple[str, ...] = ("saliency", "content")
    device = "CPU"

    def __init__(self) -> None:
        self.device_note = NOTHING
        self.weights_sha256 = {"gaic": "ab" * 32, "asm": "cd" * 32, "saliency": "ef" * 32}
        self.encoded: list[str] = []
        self.asked: list[tuple[str, str, int]] = []
        self.heads_asked: list[Sequence[Box] | None] = []
        self.answers: dict[str, list[tuple[float, float, float, float]]] = {}
        self.calibrated = True

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = None) -> DoubleScene:
        light = srgb_pixels(photo, long_side=64).mean(-1) / 255
        self.encoded.append(photo.path.name)
        return DoubleScene(photo.width, photo.height, light)

    def suggest(
        self,
        scene: DoubleScene,
        aspect: Aspect,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        *,
        heads: Sequence[Box] | None = None,
    ) -> Suggestions:
        method = "gaic" if method == "default" else method
        self.asked.append((str(aspect), method, k))
        self.heads_asked.append(heads)
        photo_ratio = scene.photo_width / scene.photo_height
        ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
        start = self.answers.get(method) or [
            (0.02 * i, 0.0, 1.0 - 0.02 * i, 1.0 - 0.04 * i) for i in range(min(k, 25))
        ]
        candidates = []
        for rank, box in enumerate(start[:k], 1):
            if ratio is not None:
                box = tuple(fit_to_ratio(box, ratio, photo_ratio).tolist())
            crop = Crop(box, "circle" if aspect.is_circle else "rect")
            score = 90.0 - rank if self.calibrated else None
            candidates.append(Candidate(rank, crop, score, 1.0 / rank, method))
        return Suggestions(aspect, method, 0.75, tuple(candidates))

    def answer(self, scene: DoubleScene, question: CropQuestion) -> Suggestions:
        heads = None if question.keep_heads else ()
        return self.suggest(
            scene, question.aspect, question.k, question.method, question.tightness, heads=heads
        )

    def score(
        self, scene: DoubleScene, crops: Sequence[Crop], method: str = "default"
    ) -> NDArray[np.float64]:
        height, width = scene.light.shape
        means = []
        for crop in crops:
            x1, y1, x2, y2 = np.round(np.array(crop.box) * [width, height, width, height])
            inside = scene.light[
                int(y1) : max(int(y2), int(y1) + 1), int(x1) : max(int(x2), int(x1) + 1)
            ]
            means.append(inside.mean())
        return np.array(means)

    def ranked(
        self, scene: DoubleScene, aspect: Aspect, k: int, method: str = "default"
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        found = self.suggest(scene, aspect, k, method).candidates
        scores = [c.raw_score if c.score is None else c.score for c in found]
        return np.array([c.crop.box for c in found]), np.array(scores)

    def maps(
        self, scene: DoubleScene, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        values = scene.light.astype(np.float32)
        return {
            name: Map(name, values, 0.0, 1.0, Message(name.title()), Message("Brightness."))
            for name in (names or self.map_names)
        }


@pytest.fixture
def engine_double() -> EngineDouble:
    return EngineDouble()


@pytest.fixture
def installed_engine(engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch) -> EngineDouble:
    """The double in the place of ``cropcore.engine.engine``, as the command line finds it."""

    class Loader:
        @staticmethod
        def load(device: str = "auto", weights_dir: Path | None = None) -> EngineDouble:
            if device.startswith("cuda"):
                raise DeviceError("There is no CUDA device here; choose cpu or auto.")
            return engine_double

    module: Any = types.ModuleType("cropcore.engine.engine")
    module.CropEngine = Loader
    module.METHODS = engine_double.methods
    monkeypatch.setitem(sys.modules, "cropcore.engine.engine", module)
    return engine_double


MakePhoto = Callable[..., Path]


@pytest.fixture
def make_photo(tmp_path: Path) -> MakePhoto:
    """Write a photo that is bright in ``bright`` (a box in fractions) and dark elsewhere."""

    def make(
        name: str = "photo.jpg",
        size: tuple[int, int] = (120, 80),
        bright: tuple[float, float, float, float] = (0.5, 0.0, 1.0, 1.0),
        folder: Path | None = None,
    ) -> Path:
        pixels = np.full((size[1], size[0], 3), 20, np.uint8)
        x1, y1, x2, y2 = (np.array(bright) * [*size, *size]).astype(int)
        pixels[y1:y2, x1:x2] = 230
        path = (folder or tmp_path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
        return path

    return make


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete folder of untrained weights; who changes it, changes a copy."""
    from tests.cropcore.helpers.untrained import write_untrained_weights

    folder = tmp_path_factory.mktemp("weights")
    write_untrained_weights(folder)
    return folder
