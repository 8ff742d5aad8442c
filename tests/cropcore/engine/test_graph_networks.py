"""The exported graphs give what the torch modules give, for photos of any shape and any crops."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skimage import data

from cropcore.engine import graph_networks, torch_networks
from cropcore.engine.engine import CropEngine
from cropcore.engine.graph_networks import GraphNetworks, net_input
from cropcore.engine.scene import Scene
from cropcore.engine.torch_networks import TorchNetworks
from cropcore.engine.weights_folder import METHODS, read_folder
from cropcore.errors import WeightsError
from cropcore.files.package_data import weights_folder
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, as_boxes, iou
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.windows import windows
from cropcore.models.encoder import to_input
from tests.cropcore.helpers.untrained import photo

SHAPES = [(384, 256), (256, 384), (341, 256), (256, 256), (1024, 256), (256, 1024)]
NEAR = 1e-4
TERMS = (*METHODS, "cut")


@pytest.fixture(scope="module")
def graphs() -> CropEngine:
    folder = read_folder(None)
    return CropEngine(GraphNetworks(folder), folder)


@pytest.fixture(scope="module")
def modules() -> CropEngine:
    folder = read_folder(None)
    return CropEngine(TorchNetworks(folder, torch.device("cpu")), folder)


@pytest.fixture(scope="module", params=SHAPES, ids=lambda shape: f"{shape[0]}x{shape[1]}")
def scenes(
    request: pytest.FixtureRequest, graphs: CropEngine, modules: CropEngine
) -> tuple[Scene, Scene]:
    """A photo with a face as both see it."""
    pixels = cv2.resize(data.astronaut(), request.param, interpolation=cv2.INTER_AREA)
    return graphs.encode(pixels), modules.encode(pixels)


def some_crops(photo_ratio: float, count: int) -> Boxes:
    """Windows, thin crops among them, and the whole photo."""
    found = [windows(ratio, photo_ratio) for ratio in (None, 0.8)]
    found.append(as_boxes([(0.1, 0.2, 0.14, 0.9), (0.3, 0.5, 0.9, 0.56), (0, 0, 1, 1)]))
    boxes = np.concatenate(found)
    return (
        boxes[np.random.default_rng(count).permutation(len(boxes))[: count - 3]].tolist()
        + boxes[-3:].tolist()
    )


def assert_alike(one: Suggestions, other: Suggestions) -> None:
    """The same first crop, but for rounding."""
    first, same = (found.candidates[0].crop for found in (one, other))
    np.testing.assert_allclose(first.box, same.box, atol=1e-4)
    assert one.candidates[0].score == pytest.approx(other.candidates[0].score, abs=0.01)
    assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_a_photo_is_seen_alike(scenes: tuple[Scene, Scene]) -> None:
    one, other = (scene.encoded for scene in scenes)
    for name in ("s8", "s16_mid", "s16", "s32"):
        expected = getattr(other.features.levels, name).numpy()
        np.testing.assert_allclose(one.features[name], expected, atol=NEAR)
    np.testing.assert_allclose(one.features["joined"], other.features.levels.joined(), atol=NEAR)
    np.testing.assert_allclose(one.gaze, other.gaze, atol=1e-3)  # as much as ninety somewhere
    assert one.layer_maps is not None
    assert other.layer_maps is not None
    np.testing.assert_allclose(one.layer_maps, other.layer_maps, atol=NEAR)
    assert len(scenes[0].heads) == len(scenes[1].heads)
    np.testing.assert_allclose(scenes[0].heads, scenes[1].heads, atol=1e-5)


@pytest.mark.parametrize("circles", [False, True])
@pytest.mark.parametrize("name", TERMS)
def test_crops_are_scored_alike(
    graphs: CropEngine, modules: CropEngine, scenes: tuple[Scene, Scene], name: str, circles: bool
) -> None:
    for count in (4, 5, 70):
        boxes = as_boxes(some_crops(scenes[0].photo_ratio, count))
        found, expected = (
            engine._scorer.term(scene, name, engine._scorer.crops(scene, boxes), circles)
            for engine, scene in zip((graphs, modules), scenes, strict=True)
        )
        np.testing.assert_allclose(found, expected, atol=NEAR)


@pytest.mark.parametrize("name", TERMS)
def test_one_crop_and_none_are_scored_too(
    graphs: CropEngine, modules: CropEngine, scenes: tuple[Scene, Scene], name: str
) -> None:
    assert graphs.terms(scenes[0], np.zeros((0, 4)), [name])[name].shape == (0,)
    for box in some_crops(scenes[0].photo_ratio, 4):
        found, expected = (
            engine.terms(scene, as_boxes([box]), [name])[name]
            for engine, scene in zip((graphs, modules), scenes, strict=True)
        )
        np.testing.assert_allclose(found, expected, atol=NEAR)


@pytest.mark.parametrize("text", ["free", "4:5", "16:9", "circle"])
def test_the_first_crop_is_the_same(
    graphs: CropEngine, modules: CropEngine, scenes: tuple[Scene, Scene], text: str
) -> None:
    for refine in (False, True):
        assert_alike(
            graphs.suggest(scenes[0], text, refine=refine),
            modules.suggest(scenes[1], text, refine=refine),
        )


@pytest.mark.parametrize("method", METHODS)
def test_each_method_alone_says_the_same(
    graphs: CropEngine, modules: CropEngine, scenes: tuple[Scene, Scene], method: str
) -> None:
    for text in ("free", "4:5"):
        assert_alike(
            graphs.suggest(scenes[0], text, method=method),
            modules.suggest(scenes[1], text, method=method),
        )


def hundred_pictures() -> Iterator[np.ndarray]:
    """Windows of a hundred shapes and places out of the pictures that come with scikit-image."""
    draw = np.random.default_rng(17)
    sources = [
        data.astronaut(),
        data.chelsea(),
        data.coffee(),
        data.rocket(),
        data.retina(),
        data.hubble_deep_field(),
        data.immunohistochemistry(),
        data.cat(),
        data.colorwheel(),
        np.repeat(data.camera()[..., None], 3, axis=2),
    ]
    for k in range(100):
        source = sources[k % len(sources)][..., :3]
        high, wide = (round(side * draw.uniform(0.4, 1.0)) for side in source.shape[:2])
        top, left = (
            int(draw.integers(0, side - part + 1))
            for side, part in zip(source.shape[:2], (high, wide), strict=True)
        )
        yield np.ascontiguousarray(source[top : top + high, left : left + wide])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_questions_get_the_same_first_crop(
    graphs: CropEngine, modules: CropEngine
) -> None:
    """Ten questions of each of a hundred pictures; one in a thousand may fall the other way."""
    questions = [
        *((text, None) for text in ("free", "1:1", "4:5", "16:9", "9:16", "circle")),
        *(("3:2", method) for method in ("gaic", "asm", "sfrc", "setpred")),
    ]
    differ = []
    for number, pixels in enumerate(hundred_pictures()):
        one, other = graphs.encode(pixels), modules.encode(pixels)
        for text, method in questions:
            asked = {} if method is None else {"method": method}
            first, same = (
                as_boxes(engine.suggest(scene, text, k=1, **asked).candidates[0].crop.box)
                for engine, scene in ((graphs, one), (modules, other))
            )
            if iou(first, same).item() < 0.999:
                differ.append((number, text, method, first.tolist(), same.tolist()))
    assert len(differ) <= 1, differ


def test_maps_and_reasons_are_the_same(
    graphs: CropEngine, modules: CropEngine, scenes: tuple[Scene, Scene]
) -> None:
    maps, expected = graphs.maps(scenes[0], "4:5"), modules.maps(scenes[1], "4:5")
    assert list(maps) == list(expected)
    for name, one in maps.items():
        np.testing.assert_allclose(one.values, expected[name].values, atol=1e-3)
    crop = graphs.suggest(scenes[0], "4:5").candidates[1].crop
    aspect = Aspect.parse("4:5")
    why, other = graphs.explain(scenes[0], crop, aspect), modules.explain(scenes[1], crop, aspect)
    assert why.partition == other.partition
    assert why.gaze_inside == pytest.approx(other.gaze_inside, abs=1e-5)
    np.testing.assert_allclose(why.gaze_cut, other.gaze_cut, atol=1e-5)


def test_more_crops_than_fit_at_once_are_scored_in_order(
    graphs: CropEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = graphs.encode(photo(300, 200))
    boxes = as_boxes(some_crops(1.5, 50))
    for name in METHODS:
        at_once = graphs.terms(scene, boxes, [name])[name]
        with monkeypatch.context() as patched:
            patched.setattr(graph_networks, "CHUNK", 7)
            np.testing.assert_allclose(graphs.terms(scene, boxes, [name])[name], at_once, atol=NEAR)


def test_photos_together_give_what_each_gives_alone(graphs: CropEngine, make_photo) -> None:
    from cropcore.images.photo import net_pixels, read_photo

    photos = [
        read_photo(make_photo(f"{i}.png", size)) for i, size in enumerate([(90, 60), (60, 90)])
    ]
    scenes = graphs.encode_all(photos, [net_pixels(one) for one in photos])
    for one, scene in zip(photos, scenes, strict=True):
        alone = graphs.encode(one)
        assert np.array_equal(alone.encoded.features["s32"], scene.encoded.features["s32"])
        assert graphs.suggest(alone, "4:5") == graphs.suggest(scene, "4:5")


@pytest.mark.parametrize("size", [(256, 256), (300, 200), (341, 256), (90, 900)])
def test_pixels_are_brought_to_the_net_s_size_alike(size: tuple[int, int]) -> None:
    pixels = photo(*size)
    np.testing.assert_allclose(net_input(pixels), to_input(pixels), atol=NEAR)


# --- where graphs are missing or damaged -------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(weights_folder(), tmp_path / "weights"))


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)


@pytest.mark.parametrize("break_it", [Path.unlink, damaged])
def test_without_a_whole_graph_torch_computes_and_says_so(copied: Path, break_it) -> None:
    break_it(copied / "gaic_score.onnx")
    engine = CropEngine.load("cpu", copied)
    assert "gaic_score.onnx" in str(engine.device_note)
    assert "torch" in str(engine.device_note)
    assert isinstance(engine._networks, torch_networks.TorchNetworks)
    assert engine.suggest(engine.encode(photo(300, 200)), "4:5").candidates


def test_a_graph_that_the_runtime_refuses_is_no_end_either(copied: Path) -> None:
    import hashlib

    (copied / "encoder_maps.onnx").write_bytes(b"no graph")
    record = json.loads((copied / "encoder.json").read_text())
    record["graphs"]["encoder_maps"] = hashlib.sha256(b"no graph").hexdigest()
    (copied / "encoder.json").write_text(json.dumps(record))
    engine = CropEngine.load("cpu", copied)
    assert "encoder_maps.onnx cannot be run" in str(engine.device_note)


def test_damaged_weights_are_refused_whatever_computes(copied: Path) -> None:
    damaged(copied / "mars.safetensors")
    with pytest.raises(WeightsError, match=r"mars\.safetensors was altered"):
        CropEngine.load("cpu", copied)


# --- what is shipped ---------------------------------------------------------------------------


def test_the_shipped_weights_run_as_graphs_without_a_word() -> None:
    engine = CropEngine.load("cpu")
    assert not engine.device_note
    assert isinstance(engine._networks, GraphNetworks)


def test_graphs_are_loaded_ahead_of_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CropEngine.load("cpu")
    engine._networks.loading.join()  # type: ignore[attr-defined]
    monkeypatch.setattr("cropcore.models.graph_session.Graph", None)
    assert engine.suggest(engine.encode(photo(300, 200)), "4:5").candidates


def test_the_program_does_not_end_while_a_graph_is_loaded() -> None:
    """On a thread that is not Python's own, such as Qt's, a new thread would be a daemon by itself."""
    made: list[CropEngine] = []
    loader = threading.Thread(target=lambda: made.append(CropEngine.load("cpu")), daemon=True)
    loader.start()
    loader.join()
    loading = made[0]._networks.loading  # type: ignore[attr-defined]
    assert not loading.daemon
    loading.join()


def test_threads_of_graphs_do_not_spin(graphs: CropEngine) -> None:
    options = graphs._networks._encoder._session.get_session_options()  # type: ignore[attr-defined]
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_weights_and_graphs_stay_small() -> None:
    files = [path.stat().st_size for path in weights_folder().iterdir()]
    assert sum(files) < 60e6
    graphs = [path.stat().st_size for path in weights_folder().glob("*.onnx")]
    assert len(graphs) == 18
    assert sum(graphs) < 2e6, "a graph holds weights that are stored beside it"


def test_exporting_again_gives_a_graph_that_says_the_same(copied: Path) -> None:
    from cropcore.engine.export_graphs import graph_sources
    from cropcore.models.graph_export import export_graphs

    for path in copied.glob("heads.onnx"):
        path.unlink()
    folder = read_folder(copied)
    sources = next(found for name, found in graph_sources(folder) if name == "heads")
    assert export_graphs("heads", sources, copied) == [copied / "heads.onnx"]
    engine = CropEngine.load("cpu", copied)
    assert not engine.device_note
    shipped = CropEngine.load("cpu")
    heads = (one.encode(data.astronaut()).heads for one in (engine, shipped))
    np.testing.assert_allclose(next(heads), next(heads), atol=1e-6)


def questions() -> Iterator[tuple[np.ndarray, str]]:
    """A thousand: parts of photos in five shapes, for four aspects."""
    rng = np.random.default_rng(5)
    sources = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
    for index in range(250):
        pixels = sources[index % len(sources)]
        h, w = pixels.shape[:2]
        side = rng.uniform(0.55, 1.0, 2)
        top, left = ((1 - side) * rng.random(2) * (h, w)).astype(int)
        part = pixels[top : top + int(side[0] * h), left : left + int(side[1] * w)]
        part = np.ascontiguousarray(part)
        for text in ("free", "1:1", "4:5", "16:9"):
            yield part, text


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_of_a_thousand_questions_one_may_have_another_first_crop(
    graphs: CropEngine, modules: CropEngine
) -> None:
    others, known = 0, None
    for pixels, text in questions():
        if known is None or known[0] is not pixels:
            known = (pixels, graphs.encode(pixels), modules.encode(pixels))
        boxes = [
            engine.suggest(scene, text, k=1).candidates[0].crop.box
            for engine, scene in zip((graphs, modules), known[1:], strict=True)
        ]
        others += not np.allclose(*boxes, atol=1e-4)
    assert others <= 1
