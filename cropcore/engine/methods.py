"""How each method finds crops, by what its network says of a photo and of any crops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.networks import AsmNetwork, MarsNetwork, MethodNetwork, SfrcNetwork
from cropcore.engine.window_search import (
    CropRequest,
    Score,
    all_windows,
    best_first,
    promising_windows,
    two_stage_search,
)
from cropcore.geometry.boxes import Boxes
from cropcore.geometry.windows import grid_anchors
from cropcore.models.mars_decode import best_window, median_window
from cropcore.models.valid_crops import ValidCrops


class Method:
    """One way to find crops; ``network`` scores them."""

    name: str

    def __init__(self, network: MethodNetwork) -> None:
        self.network = network

    def propose(self, prepared: Any, request: CropRequest) -> Boxes:
        """Crops of its own (N, 4), none with most methods; tightness and protection do not count."""
        return np.zeros((0, 4))

    def scored_windows(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) that suggestions start from, and their scores (N,), given by ``score``."""
        return all_windows(request, score)

    def best(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) as the method's paper finds them, best first, and their scores (N,)."""
        return two_stage_search(score, request.windows, request.photo_ratio, request.ratio)

    def ranked(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """What the paper's measures of several crops count: as :meth:`best`, none left out as alike."""
        return self.best(prepared, request, score)


class _AmongAnchors(Method):
    """A method whose paper scores grid anchors."""

    def best(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Among grid anchors, where any ratio is allowed."""
        if request.ratio is not None:
            return super().best(prepared, request, score)
        return best_first(request.among(grid_anchors(request.photo_ratio)), score)


class Gaic(_AmongAnchors):
    """Grid anchor based image cropping; a circle counts as its square."""

    name = "gaic"


class Asm(Method):
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    name = "asm"
    network: AsmNetwork


class Sfrc(_AmongAnchors):
    """Spatial-aware feature and rank consistency; a circle counts as its square."""

    name = "sfrc"
    network: SfrcNetwork

    def scored_windows(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Some hundred windows, for a crop takes it most of a millisecond."""
        return promising_windows(request, score)


class Mars(Method):
    """The area map generated for a crop's own ratio; a circle counts as its square."""

    name = "mars"
    network: MarsNetwork

    def propose(self, prepared: Any, request: CropRequest) -> Boxes:
        """Of a given ratio the window that suits its area map best."""
        if request.ratio is None:
            return super().propose(prepared, request)
        area_map = self.network.area_map(prepared, request.ratio)
        return best_window(area_map, request.ratio, request.photo_ratio)[None]

    def scored_windows(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All windows, and its own one."""
        boxes = request.among(np.concatenate([request.windows, self.propose(prepared, request)]))
        return boxes, score(boxes)

    def best(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Of a given ratio the one crop of section 3.4: medians of what passes the threshold."""
        if request.ratio is None:
            return best_first(request.windows, score)
        area_map = self.network.area_map(prepared, request.ratio)
        box = median_window(area_map, request.ratio, request.photo_ratio)[None]
        return box, score(box)


class Setpred(Method):
    """Cropping as set prediction: crops of its own, each with its validity; a circle as its square."""

    name = "setpred"

    def propose(self, prepared: ValidCrops, request: CropRequest) -> Boxes:
        """Its crops, fitted to the wanted ratio."""
        return prepared.fitted(request.ratio, request.photo_ratio).boxes

    def scored_windows(
        self, prepared: ValidCrops, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Its own crops alone."""
        boxes = request.among(self.propose(prepared, request))
        return boxes, score(boxes)

    def best(
        self, prepared: ValidCrops, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The valid ones that differ from one another."""
        chosen = prepared.fitted(request.ratio, request.photo_ratio).select()
        return chosen.boxes, chosen.validity

    def ranked(
        self, prepared: ValidCrops, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All of them by validity."""
        crops = prepared.fitted(request.ratio, request.photo_ratio)
        return crops.boxes, crops.validity


_KINDS: dict[str, type[Any]] = {kind.name: kind for kind in (Gaic, Asm, Sfrc, Mars, Setpred)}


def methods_of(networks: Mapping[str, MethodNetwork]) -> dict[str, Method]:
    """The methods of networks, by name."""
    return {name: _KINDS[name](network) for name, network in networks.items()}
