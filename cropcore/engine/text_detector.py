"""Finds pieces of text in photos, by the detector of the package rapidocr; an extra.

The network (PP-OCRv6, Apache-2.0) gives each pixel's probability to lie in text, shrunk to the middle of
its line: differentiable binarization (Liao et al., AAAI 2020), whose boxes are grown back here.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cropcore.engine.text_network import text_network
from cropcore.errors import CropsightError
from cropcore.geometry.crop import Box
from cropcore.images.photo import Pixels
from cropcore.models.graph_session import Graph

_CELL = 32
"""Sides of the network's input are multiples of this."""
_PROBABLE, _SURE = 0.3, 0.7
"""Least probability of a text's pixels, and of their mean."""
_GROWN = 1.6
"""Area over perimeter, times this, is what a shrunk text is grown by at each side."""
_LEAST = 4
"""Least height of a shrunk text, in pixels of the input."""
_TALLEST = 0.4
"""What is taller, as a share of the photo's short side, is no line of text but a thing like a cup."""


class TextDetector:
    """The loaded network; it belongs to one thread at a time."""

    def __init__(self, network: Path) -> None:
        """Load the network's file.

        Raises:
            WeightsError: it cannot be run.
        """
        self._graph = Graph(network)

    @classmethod
    def load(cls) -> TextDetector:
        """That of the installed extra.

        Raises:
            CropsightError: the extra is not installed.
        """
        network = text_network()
        if network is None:
            raise CropsightError(
                "Finding text needs the package rapidocr. "
                "Install it with: pip install 'cropsight[text]'"
            )
        return cls(network)

    def find(self, pixels: Pixels) -> tuple[Box, ...]:
        """Boxes of pieces of text in upright sRGB pixels (h, w, 3) uint8, the largest first."""
        height, width = (max(1, round(side / _CELL)) * _CELL for side in pixels.shape[:2])
        small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        # It was trained on pictures as OpenCV reads them: blue first.
        x = small[None, :, :, ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        return boxes_of(self._graph({self._graph.inputs[0]: x})[self._graph.outputs[0]][0, 0])


def boxes_of(probability: NDArray[np.float32]) -> tuple[Box, ...]:
    """Boxes of texts, the largest first, from a map (h, w) over the photo of shrunk texts."""
    height, width = probability.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (probability > _PROBABLE).astype(np.uint8)
    )
    sums = np.bincount(labels.ravel(), probability.ravel(), count)
    found = []
    for label in range(1, count):
        left, top, wide, high, area = (int(value) for value in stats[label])
        if min(wide, high) < _LEAST or sums[label] < _SURE * area:
            continue
        grown = _GROWN * area / (2 * (wide + high))
        if min(wide, high) + 2 * grown > _TALLEST * min(height, width):
            continue
        found.append(
            (
                max((left - grown) / width, 0.0),
                max((top - grown) / height, 0.0),
                min((left + wide + grown) / width, 1.0),
                min((top + high + grown) / height, 1.0),
            )
        )
    return tuple(sorted(found, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])))
