"""The encoder pass of a graphics card, on the CPU: the same numbers, whatever is recorded or short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.cuda_graphs import CaptureError, CudaCapture, CudaGraphs, Operation
from cropcore.engine.cuda_pass import BATCHES, AcceleratedPass, buckets, filled
from cropcore.engine.encoder_pass import EncodedPixels, EncoderPass, PlainPass
from cropcore.engine.engine import CropEngine
from cropcore.engine.torch_networks import TorchNetworks, loaded_trunk
from cropcore.engine.weights_folder import read_folder
from cropcore.errors import DeviceError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import iou
from cropcore.models.input_size import input_size
from cropcore.models.saliency import SaliencyHead
from tests.cropcore.helpers.untrained import lively_encoder, photo

CPU = torch.device("cpu")
needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


class Recorder:
    """Stands in for CUDA: one input and one set of outputs, which every replay overwrites."""

    def __init__(self, most: int = 1000) -> None:
        self.recorded: list[tuple[int, ...]] = []
        self.replayed = 0
        self._most = most

    def __call__(self, work: Operation, like: Tensor) -> Operation:
        if len(self.recorded) == self._most:
            raise CaptureError("No more of it.")
        self.recorded.append(tuple(like.shape))
        held = torch.empty_like(like)
        made = work(held.copy_(like))

        def replay(x: Tensor) -> tuple[Tensor, ...]:
            assert x.shape == held.shape
            self.replayed += 1
            for old, new in zip(made, work(held.copy_(x)), strict=True):
                old.copy_(new)
            return made

        return replay


@pytest.fixture(scope="module")
def modules() -> tuple[object, SaliencyHead]:
    torch.manual_seed(3)
    return lively_encoder(), SaliencyHead().eval()


def parts(encoded: EncodedPixels) -> list[Tensor]:
    levels = encoded.levels
    made = [encoded.gaze, levels.s8, levels.s16_mid, levels.s16, levels.s32]
    return made if levels.layer_maps is None else [*made, levels.layer_maps]


def assert_same(found: EncodedPixels, expected: EncodedPixels) -> None:
    assert (found.levels.layer_maps is None) == (expected.levels.layer_maps is None)
    for one, other in zip(parts(found), parts(expected), strict=True):
        assert one.dtype == torch.float32
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-3)


# --- which photos go together -----------------------------------------------------------------


def test_there_are_few_shapes_so_that_none_needs_to_be_padded() -> None:
    sides = [*range(1, 60), *range(60, 3000, 37)]
    assert len({input_size(w, h) for w in sides for h in sides}) == 49


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 9))
@settings(deadline=None)
def test_buckets_hold_each_photo_once_beside_its_like(shapes: list[str], most: int) -> None:
    found = list(buckets(shapes, most))
    assert sorted(place for bucket in found for place in bucket) == list(range(len(shapes)))
    for bucket in found:
        assert 1 <= len(bucket) <= most
        assert len({shapes[place] for place in bucket}) == 1
        assert bucket == sorted(bucket)
    assert len(found) == sum(-(-shapes.count(shape) // most) for shape in set(shapes))


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8)])
def test_batches_are_filled_up_with_blank_photos(count: int, expected: int) -> None:
    x = torch.randn(count, 3, 4, 6)
    made = filled(x, BATCHES)
    assert made.shape == (expected, 3, 4, 6)
    assert made.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(made[:count], x)
    assert not made[count:].any()


# --- the same numbers -------------------------------------------------------------------------


@pytest.mark.parametrize("layer_maps", [True, False])
def test_batches_of_any_shapes_give_what_each_photo_gives_alone(
    modules: tuple[object, SaliencyHead], layer_maps: bool
) -> None:
    recorder = Recorder()
    plain = PlainPass(*modules, CPU, layer_maps)
    fast = AcceleratedPass(*modules, CPU, layer_maps, recorder, torch.float32)
    sizes = [(256, 256), (300, 200), (256, 256), (200, 300), (256, 256)]
    photos = [photo(w, h, seed) for seed, (w, h) in enumerate(sizes)]
    with torch.inference_mode():
        expected = plain(photos)
        for _ in range(3):  # plainly, while it is recorded, and replayed
            for found, one in zip(fast(photos), expected, strict=True):
                assert_same(found, one)
    assert set(recorder.recorded) == {(4, 3, 256, 256), (1, 3, 256, 384), (1, 3, 384, 256)}
    assert recorder.replayed == 6


def test_what_was_seen_of_a_photo_stays_when_the_next_is_replayed(
    modules: tuple[object, SaliencyHead],
) -> None:
    recorder = Recorder()
    fast = AcceleratedPass(*modules, CPU, True, recorder, torch.float32)
    first, second = photo(256, 256, 1), photo(256, 256, 2)
    with torch.inference_mode():
        fast([first])
        kept = fast([first])[0]
        copies = [part.clone() for part in parts(kept)]
        other = fast([second])[0]
    assert recorder.replayed == 2
    assert all(torch.equal(a, b) for a, b in zip(parts(kept), copies, strict=True))
    assert not torch.equal(kept.levels.s32, other.levels.s32)


def test_half_precision_finds_the_same_crops() -> None:
    """bfloat16 has eight times coarser steps than float16, which graphics cards get."""
    folder = read_folder(None)
    encoder, saliency, _ = loaded_trunk(folder, CPU)
    half = AcceleratedPass(encoder, saliency, CPU, True, Recorder(), torch.bfloat16)
    networks = TorchNetworks(folder, CPU), TorchNetworks(folder, CPU, encoder_pass=half)
    plain, fast = (CropEngine(one, folder) for one in networks)
    for pixels in (skimage.data.chelsea(), photo(256, 256, 5)):
        exact, rough = plain.encode(pixels), fast.encode(pixels)
        one, other = (scene.encoded.features for scene in (exact, rough))
        assert other.levels.s32.dtype == other.gaze.dtype == torch.float32
        assert not torch.equal(one.levels.s32, other.levels.s32)
        for name in ("free", "4:5"):
            aspect = Aspect.parse(name)
            one, other = (e.suggest(s, aspect) for e, s in ((plain, exact), (fast, rough)))
            first, its = one.candidates[0], other.candidates[0]
            assert float(iou(np.array([first.crop.box]), np.array([its.crop.box]))[0]) > 0.9
            # Of nearly equal ones either may come first.
            (judged,) = plain.calibrated(exact, [its.crop], CropQuestion(aspect))
            assert first.score == pytest.approx(judged, abs=0.5)
            assert first.score == pytest.approx(its.score, abs=1.0)
            windows, scores = plain.window_scores(exact, aspect, "gaic")
            assert rank_correlation(scores, fast.window_scores(rough, aspect, "gaic")[1]) > 0.99
            assert len(windows) == len(scores)


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(values)) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


# --- what is recorded -------------------------------------------------------------------------


def doubled(x: Tensor) -> tuple[Tensor, ...]:
    return (x * 2,)


def test_a_shape_is_recorded_when_it_comes_again_and_the_oldest_goes() -> None:
    recorder = Recorder()
    graphs = CudaGraphs(doubled, recorder, most=2)

    def ask(*shape: int) -> None:
        x = torch.randn(shape)
        assert torch.equal(graphs(x)[0], x * 2)

    ask(1)
    assert recorder.recorded == []
    for side in (1, 2, 2, 1, 3):
        ask(side)
    assert recorder.recorded == [(1,), (2,)]
    assert graphs.shapes == ((2,), (1,))
    ask(3)
    assert graphs.shapes == ((1,), (3,))
    ask(2)
    assert recorder.recorded == [(1,), (2,), (3,), (2,)]
    assert graphs.shapes == ((3,), (2,))
    assert graphs.trouble == ""


def test_after_a_recording_that_failed_all_goes_on_without() -> None:
    recorder = Recorder(most=1)
    graphs = CudaGraphs(doubled, recorder)
    for _ in range(3):
        for side in (1, 2, 3):
            x = torch.randn(side)
            assert torch.equal(graphs(x)[0], x * 2)
    assert recorder.recorded == [(1,)]
    assert recorder.replayed == 2
    assert graphs.shapes == ((1,),)
    assert graphs.trouble == "No more of it."


def test_without_a_recorder_nothing_is_recorded() -> None:
    graphs = CudaGraphs(doubled, None)
    assert [graphs(torch.ones(2))[0].sum().item() for _ in range(3)] == [4, 4, 4]
    assert graphs.shapes == ()


# --- short memory -----------------------------------------------------------------------------


def short_of_memory(fast: AcceleratedPass, most: int) -> list[int]:
    """Leaves memory for ``most`` photos at once; returns the list of batches that are tried."""
    tried: list[int] = []
    whole: Callable[[Tensor], tuple[Tensor, ...]] = fast.graphs

    def graphs(x: Tensor) -> tuple[Tensor, ...]:
        tried.append(len(x))
        if len(x) > most:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return whole(x)

    fast.graphs = graphs  # type: ignore[assignment]
    return tried


def test_photos_go_in_smaller_batches_where_memory_is_short(
    modules: tuple[object, SaliencyHead],
) -> None:
    fast = AcceleratedPass(*modules, CPU, False, None, torch.float32)
    tried = short_of_memory(fast, most=2)
    photos = [photo(256, 256, seed) for seed in range(4)]
    with torch.inference_mode():
        found = fast(photos)
        for encoded, expected in zip(found, PlainPass(*modules, CPU, False)(photos), strict=True):
            assert_same(encoded, expected)
    assert tried == [4, 2, 2]


def test_a_photo_for_which_there_is_no_memory_is_told_with_a_remedy(
    modules: tuple[object, SaliencyHead],
) -> None:
    fast = AcceleratedPass(*modules, CPU, False, None, torch.float32)
    short_of_memory(fast, most=0)
    with torch.inference_mode(), pytest.raises(DeviceError, match="compute on the CPU"):
        fast([photo(256, 256)] * 2)


# --- the engine -------------------------------------------------------------------------------


class Counting:
    """A pass that notes how many photos it gets."""

    at_once = 4

    def __init__(self, inner: EncoderPass) -> None:
        self.counts: list[int] = []
        self._inner = inner

    def __call__(self, pixels: list[np.ndarray]) -> list[EncodedPixels]:
        self.counts.append(len(pixels))
        return self._inner(pixels)


def test_the_engine_encodes_several_photos_in_one_pass(weights: Path, make_photo) -> None:
    from cropcore.images.photo import net_pixels, read_photo

    folder = read_folder(weights)
    encoder, saliency, _ = loaded_trunk(folder, CPU)
    counting = Counting(PlainPass(encoder, saliency, CPU, True))
    engine = CropEngine(TorchNetworks(folder, CPU, encoder_pass=counting), folder)
    photos = [
        read_photo(make_photo(f"{i}.png", size)) for i, size in enumerate([(90, 60), (60, 90)])
    ]
    scenes = engine.encode_all(photos, [net_pixels(p) for p in photos])
    assert counting.counts == [2]
    assert engine.at_once == 4
    assert [(s.photo_width, s.photo_height) for s in scenes] == [(90, 60), (60, 90)]
    for one, scene in zip(photos, scenes, strict=True):
        alone = engine.encode(one)
        one, other = (seen.encoded.features.levels for seen in (alone, scene))
        assert torch.equal(one.s32, other.s32)
    assert CropEngine(TorchNetworks(folder, CPU), folder).at_once == 1


# --- on a card --------------------------------------------------------------------------------


@needs_cuda
def test_replayed_graphs_give_what_the_card_gives_plainly() -> None:
    cuda = torch.device("cuda")
    encoder, saliency = lively_encoder().to(cuda), SaliencyHead().eval().to(cuda)
    fast = AcceleratedPass(encoder, saliency, cuda, True, CudaCapture(cuda))
    plain = PlainPass(encoder, saliency, cuda, True)
    photos = [photo(256, 256, 1), photo(300, 200, 2), photo(256, 256, 3)]
    with torch.inference_mode():
        for _ in range(4):
            for found, expected in zip(fast(photos), plain(photos), strict=True):
                for one, other in zip(parts(found), parts(expected), strict=True):
                    error = (one - other).abs().max() / other.abs().max()
                    assert float(error) < 0.02
    assert fast.graphs.trouble == ""
    assert fast.graphs.shapes == ((2, 3, 256, 256), (1, 3, 256, 384))


@needs_cuda
def test_a_card_that_is_nearly_full_is_used_without_graphs() -> None:
    cuda = torch.device("cuda")
    encoder, saliency = lively_encoder().to(cuda), SaliencyHead().eval().to(cuda)
    capture = CudaCapture(cuda, least_free=1 << 60)
    fast = AcceleratedPass(encoder, saliency, cuda, True, capture)
    with torch.inference_mode():
        for _ in range(3):
            assert len(fast([photo(256, 256)])) == 1
    assert "memory" in fast.graphs.trouble


@needs_cuda
def test_the_engine_on_a_card_finds_the_crops_of_the_cpu() -> None:
    cpu, card = CropEngine.load("cpu"), CropEngine.load("cuda")
    for pixels in (skimage.data.chelsea(), skimage.data.astronaut(), skimage.data.coffee()):
        for name in ("free", "4:5", "circle"):
            aspect = Aspect.parse(name)
            for _ in range(3):
                boxes = [
                    engine.suggest(engine.encode(pixels), aspect).candidates[0].crop.box
                    for engine in (cpu, card)
                ]
                assert float(iou(np.array(boxes[:1]), np.array(boxes[1:]))[0]) > 0.97
