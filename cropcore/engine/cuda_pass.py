"""The encoder pass on CUDA: half precision, batches of photos of one shape, CUDA graphs.

A net input has one of 49 shapes, as its sides are multiples of 32 between 256 and 1024 and one of
them is 256. So graphs are recorded for exact shapes, and nothing is padded within a photo, which would
change the features near its borders. Only batches are filled up, with blank photos.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from cropcore.engine.cuda_graphs import Capture, CudaGraphs
from cropcore.engine.encoder_pass import EncodedPixels
from cropcore.engine.networks import Pixels
from cropcore.errors import DeviceError
from cropcore.models.encoder import Encoder, FoldedEncoder, Levels, net_input
from cropcore.models.head_detector import HeadDetector, find
from cropcore.models.input_size import input_size
from cropcore.models.saliency import SaliencyHead, density

BATCHES = (1, 2, 4, 8)
"""Photos in a batch; one of another length is filled up to the next."""

OUT_OF_MEMORY = (
    "The graphics card has no memory left. Close other programs that use it, or compute on the CPU."
)


class AcceleratedPass:
    """Encodes photos in batches of one shape.

    The trunk runs in half precision under autocast, in the layout that tensor cores like. What it
    leaves becomes float32 at once, and gaze and heads, which decide, are worked out in that.
    """

    at_once = BATCHES[-1]

    def __init__(
        self,
        encoder: Encoder,
        saliency: SaliencyHead,
        device: torch.device,
        layer_maps: bool,
        capture: Capture | None,
        dtype: torch.dtype = torch.float16,
        heads: HeadDetector | None = None,
    ) -> None:
        """Modules are in evaluation mode and on the device; ``capture`` records their work."""
        # Autocast keeps no casts of weights that need no gradient: they are cast here, once.
        self._trunk = FoldedEncoder(encoder, dtype)
        self._saliency, self._heads = saliency, heads
        self._device, self._dtype, self._layer_maps = device, dtype, layer_maps
        self.graphs = CudaGraphs(self._look, capture)

    @property
    def trouble(self) -> str:
        """Why graphs are recorded no longer; empty while they are."""
        return self.graphs.trouble

    def __call__(self, pixels: Sequence[Pixels]) -> list[EncodedPixels]:
        """What each photo gave, in their order.

        Raises:
            DeviceError: the card's memory does not suffice for a single photo.
        """
        shapes = [input_size(one.shape[1], one.shape[0]) for one in pixels]
        encoded: dict[int, EncodedPixels] = {}
        for places in buckets(shapes, BATCHES[-1]):
            inputs = [net_input(sent(pixels[place], self._device)) for place in places]
            encoded.update(zip(places, self._encode(torch.cat(inputs)), strict=True))
        return [encoded[place] for place in range(len(pixels))]

    def _encode(self, x: Tensor) -> list[EncodedPixels]:
        """Encoded pixels of net inputs (B, 3, H, W); in smaller batches where memory is short."""
        count = len(x)
        try:
            made = self.graphs(filled(x, BATCHES))
            # Copies, as a replay overwrites what the last one gave.
            return [self._encoded([part[i : i + 1].clone() for part in made]) for i in range(count)]
        except torch.OutOfMemoryError as error:
            if count == 1:
                raise DeviceError(OUT_OF_MEMORY) from error
        return self._encode(x[: count // 2]) + self._encode(x[count // 2 :])

    def _look(self, x: Tensor) -> tuple[Tensor, ...]:
        """What a graph records: from net inputs to gaze, maps of heads and levels, float32."""
        halved = self._dtype != torch.float32
        with torch.autocast(self._device.type, self._dtype, halved, cache_enabled=False):
            levels = self._trunk(x, self._layer_maps)
        parts = (levels.s8, levels.s16_mid, levels.s16, levels.s32, levels.layer_maps)
        exact = [part.float() for part in parts if part is not None]
        whole = _levels(exact)
        heads = () if self._heads is None else (self._heads(whole),)
        return density(self._saliency(whole)), *heads, *exact

    def _encoded(self, parts: Sequence[Tensor]) -> EncodedPixels:
        gaze, *rest = parts
        heads = None
        if self._heads is not None:
            maps, *rest = rest
            heads = find(maps)[0]
        return EncodedPixels(_levels(rest), gaze, heads)


def _levels(parts: Sequence[Tensor]) -> Levels:
    s8, s16_mid, s16, s32, *layer_maps = parts
    return Levels(s8, s16_mid, s16, s32, layer_maps[0] if layer_maps else None)


def buckets(shapes: Sequence[Hashable], most: int) -> Iterator[list[int]]:
    """Places of equal shapes together, at most ``most`` in one bucket; first come, first served."""
    alike: dict[Hashable, list[int]] = {}
    for place, shape in enumerate(shapes):
        alike.setdefault(shape, []).append(place)
    for places in alike.values():
        for start in range(0, len(places), most):
            yield places[start : start + most]


def filled(x: Tensor, sizes: Sequence[int]) -> Tensor:
    """``x`` (B, C, H, W) channels last, with blank photos behind up to the next of rising sizes."""
    wanted = next(size for size in sizes if size >= len(x))
    if len(x) == wanted:
        return x.contiguous(memory_format=torch.channels_last)
    made = x.new_zeros(wanted, *x.shape[1:]).to(memory_format=torch.channels_last)
    made[: len(x)] = x
    return made


def sent(pixels: Pixels, device: torch.device) -> Tensor:
    """Pixels (h, w, 3) on the device; to a CUDA card by pinned memory, so that the CPU does not wait."""
    tensor = torch.from_numpy(np.require(pixels, requirements=["C", "W"]))
    if device.type == "cuda":
        tensor = tensor.pin_memory()  # torch keeps it until it is copied
    return tensor.to(device, non_blocking=True)
