"""Disk cache of the frozen encoder layers' features of training views.

Fine-tuning starts at stride 8, so the layers below see each view once; their output is kept as
float16 in one flat file that is mapped into memory and shared by all processes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cropcore.errors import AnnotationError
from cropcore.files.atomic_write import write_at
from cropcore.models.encoder import LAYER_MAP_SIZE, Encoder, to_input
from cropcore.training.augmentation import View

LOW_MAPS = 7


@dataclass(frozen=True, slots=True)
class ViewKey:
    """A view of a photo: the file and how it is seen."""

    name: str
    view: View


class FeatureCache:
    """Stride-8 features (32, h, w) and low layer maps (7, 64, 64) of a fixed list of views."""

    def __init__(self, keys: Sequence[ViewKey], folder: Path) -> None:
        self.keys = list(keys)
        self.index = json.loads((folder / "index.json").read_text())
        self._flat = np.memmap(folder / "features.f16", dtype=np.float16, mode="r")

    def __len__(self) -> int:
        return len(self.keys)

    def shape(self, i: int) -> tuple[int, int]:
        """Height and width of the features of view ``i``."""
        return tuple(self.index["shapes"][i])

    def bottom(
        self, views: Sequence[int], layer_maps: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """What ``Encoder.forward_bottom`` gave for views of one shape: (B, 32, h, w), (B, 7, 64, 64)."""
        features, maps = [], []
        for i in views:
            start = self.index["offsets"][i]
            h, w = self.shape(i)
            stop = start + 32 * h * w
            features.append(np.array(self._flat[start:stop]).reshape(32, h, w))
            if layer_maps:
                size = LOW_MAPS * LAYER_MAP_SIZE**2
                maps.append(
                    np.array(self._flat[stop : stop + size]).reshape(LOW_MAPS, LAYER_MAP_SIZE, -1)
                )
        stacked = torch.from_numpy(np.stack(features)).float()
        return stacked, torch.from_numpy(np.stack(maps)).float() if layer_maps else None


def cached_features(
    encoder: Encoder,
    images: Path,
    keys: Sequence[ViewKey],
    cache: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FeatureCache:
    """Open the cache of these views, making it first where it is missing.

    The folder's name is a digest of the views, of the sizes of the photos' files and of the frozen
    weights, so that a change of any makes a new one.

    Raises:
        AnnotationError: a photo is missing or unreadable.
    """
    names = list(dict.fromkeys(key.name for key in keys))
    digest = hashlib.sha256(repr([*keys, *(_file_size(images / name) for name in names)]).encode())
    for tensor in encoder.features[:LOW_MAPS].state_dict().values():
        digest.update(tensor.detach().cpu().numpy().tobytes())
    folder = cache / digest.hexdigest()[:16]
    if not (folder / "index.json").exists():
        _build(encoder, images, keys, folder, progress)
    return FeatureCache(keys, folder)


@torch.inference_mode()
def _build(
    encoder: Encoder,
    images: Path,
    keys: Sequence[ViewKey],
    folder: Path,
    progress: Callable[[int, int], None],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    encoder.eval()
    shapes, offsets, end = [], [], 0
    with (folder / "features.f16").open("wb") as file, ThreadPoolExecutor(2) as pool:
        inputs = pool.map(
            lambda key: to_input(key.view.pixels(read_pixels(images / key.name))), keys
        )
        for done, x in enumerate(inputs, 1):
            features, maps = encoder.forward_bottom(x.to(memory_format=torch.channels_last))
            assert maps is not None
            row = torch.cat([features.flatten(), maps.flatten()]).half().numpy()
            row.tofile(file)
            shapes.append(tuple(features.shape[-2:]))
            offsets.append(end)
            end += row.size
            progress(done, len(keys))
    index = {"shapes": shapes, "offsets": offsets}
    write_at(folder / "index.json", json.dumps(index).encode(), replace=True)


def _file_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> AnnotationError:
    return AnnotationError(path, "cannot be read.", "Check the photo folder given with --data.")


def read_pixels(path: Path) -> NDArray[np.uint8]:
    """sRGB pixels (h, w, 3) of a training photo, which are upright 8-bit files.

    Raises:
        AnnotationError: the file is missing or unreadable.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise _unreadable(path)
    return np.asarray(pixels, np.uint8)
