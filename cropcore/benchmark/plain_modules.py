"""Reference implementations in plain torch modules, for comparison with the fast paths.

Nothing is folded, shared between crops or kept between questions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cropcore.engine.cascade import CASCADE, REFINED, REFINING
from cropcore.engine.torch_networks import loaded_head
from cropcore.engine.weights_folder import read_folder
from cropcore.geometry.boxes import Boxes
from cropcore.geometry.windows import windows
from cropcore.models.encoder import Encoder, Levels, to_input
from cropcore.models.saliency import SaliencyHead, density
from cropcore.models.setpred import valid_crops
from cropcore.models.weights import load_weights, read_record

Encode = Callable[..., tuple[Levels, Tensor]]
"""Of pixels (h, w, 3), and whether ``layer_maps`` are wanted, which they are by default."""

ScoreAll = Callable[[Boxes], NDArray[np.float64]]


def plain_encode(device: str, weights: Path | None = None) -> Encode:
    """Encoder and gaze head as torch runs modules by default: pixels in, features and gaze out.

    ``weights`` is a folder of weights, by default the shipped one.

    Raises:
        WeightsError: weights are missing, altered or do not fit.
    """
    modules = Encoder(), SaliencyHead()
    for module, name in zip(modules, ("encoder", "saliency"), strict=True):
        load_weights(module, read_record(name, weights), weights)
        module.eval().to(device)
    encoder, saliency = modules

    @torch.no_grad()
    def run(pixels: NDArray[np.uint8], layer_maps: bool = True) -> tuple[Levels, Tensor]:
        levels = encoder(to_input(pixels).contiguous().to(device), layer_maps)
        return levels, density(saliency(levels))

    return run


class PlainModules:
    """All methods' modules, asked one by one."""

    def __init__(self, device: str, weights: Path | None = None) -> None:
        self.encode = plain_encode(device, weights)
        self._device = torch.device(device)
        self._folder = read_folder(weights)
        self._heads: dict[str, Any] = {}

    def scorer(self, name: str, levels: Levels, gaze: Tensor, photo_ratio: float) -> ScoreAll:
        """Prepare a method for a photo; gives scores (N,) of boxes (N, 4)."""
        if name not in self._heads:
            self._heads[name] = loaded_head(self._folder.records[name], self._folder, self._device)
        head = self._heads[name]
        ratio = torch.tensor([photo_ratio], dtype=torch.float32, device=self._device)
        seen = F.interpolate(gaze, levels.s16.shape[-2:], mode="area")

        @torch.no_grad()
        def prepare() -> Callable[[Tensor], Tensor]:
            match name:
                case "gaic":
                    prepared = head.prepare(levels.joined(), seen)
                    return lambda boxes: head(prepared, boxes, ratio)
                case "sfrc":
                    prepared = head.prepare(levels, seen)
                    return lambda boxes: head(prepared, boxes, ratio)
                case "asm":
                    score_map = head(levels.joined())
                    return lambda boxes: head.score(score_map, boxes, ratio)
                case "mars":
                    prepared = head.prepare(levels)
                    return lambda boxes: head.score(prepared, boxes, ratio)
                case _:
                    crops = valid_crops(head(levels, ratio))
                    return lambda boxes: torch.from_numpy(crops.score(boxes[0].cpu().numpy()))[None]

        ask = prepare()

        @torch.no_grad()
        def score(boxes: Boxes) -> NDArray[np.float64]:
            tensor = torch.from_numpy(np.array(boxes, np.float32)).to(self._device)[None]
            return ask(tensor)[0].double().cpu().numpy()

        return score

    def best(self, pixels: NDArray[np.uint8], ratio: float, method: str, refine: bool) -> Boxes:
        """The best window (4,) of a ratio: everything done anew, from the pixels on."""
        levels, gaze = self.encode(pixels)
        photo_ratio = pixels.shape[1] / pixels.shape[0]
        boxes = windows(ratio, photo_ratio)
        names = ("gaic", "asm") if method == CASCADE else (method,)
        scores = sum(self.scorer(name, levels, gaze, photo_ratio)(boxes) for name in names)
        if refine:
            boxes = boxes[np.argsort(scores)[-REFINED:]]
            scores = self.scorer(REFINING, levels, gaze, photo_ratio)(boxes)
        return np.asarray(boxes[int(np.argmax(scores))])
