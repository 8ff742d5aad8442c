"""The networks as exported graphs, run by ONNX Runtime on the processor; nothing here needs torch."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.engine.networks import CHUNK, EncodedPhoto, MethodNetwork, Pixels, Scores, Wanted
from cropcore.engine.weights_folder import HEADS, WeightsFolder
from cropcore.errors import WeightsError
from cropcore.geometry.boxes import Boxes
from cropcore.models.crop_layout import CropLayout
from cropcore.models.detected_heads import DetectedHeads, decoded_faces, head_boxes
from cropcore.models.graph_session import Graph, GraphFiles
from cropcore.models.input_size import MEAN, STD, input_size
from cropcore.models.mars_decode import WindowSearch
from cropcore.models.valid_crops import ValidCrops

Arrays = dict[str, NDArray[Any]]

_RATIOS_AT_ONCE = 8
_SPATIAL_AT_ONCE = 16
_CIRCLES_AT_ONCE = 16
"""Of which what lies between layers stays in the processor's cache."""

_SELDOM = frozenset(("asm_circles", "asm_thin"))
"""Graphs that few questions need."""

_BY_NEED = ("saliency", HEADS, "asm", "gaic", "mars", "sfrc", "setpred")
"""In which order the first question after a start needs the graphs; its own thread begins with setpred's
while sfrc's are loaded."""

_RATIO_STEPS = 10_000
_LEAST_SIDE = 0.1
"""Crops thinner than this are pooled plainly by asm: differences of sums would be too coarse."""


class GraphNetworks:
    """All networks of a folder of weights, as graphs."""

    device = "CPU"
    at_once = 1
    trouble = ""

    def __init__(self, folder: WeightsFolder) -> None:
        """Load the encoder's graph and check all others, which are loaded meanwhile, ahead of questions.

        Raises:
            WeightsError: a graph or a weights file is missing or altered.
        """
        files = {name: GraphFiles(record, folder.path) for name, record in folder.records.items()}
        self._encoder = files["encoder"]["encoder_maps" if folder.layer_maps else "encoder"]
        self._saliency = files["saliency"]
        self._heads = files[HEADS][HEADS] if HEADS in files else None
        self.methods: Mapping[str, MethodNetwork] = {
            name: _KINDS[name](files[name], folder.records[name].config) for name in folder.methods
        }
        rest = [files[name] for name in _BY_NEED if name in files]
        # Not a daemon, as it would be by itself if one of Qt's threads begins it: the interpreter, where it
        # ends, waits for the graph in hand. A thread that it cuts off inside the library ends the process.
        self.loading = threading.Thread(
            target=_load_ahead, args=(rest,), name="cropcore-graphs", daemon=False
        )
        self.loading.start()

    def encode(self, pixels: Sequence[Pixels]) -> list[EncodedPhoto]:
        """One encoder pass, photo by photo: several at once take no less time each."""
        return [self._encoded(one) for one in pixels]

    def _encoded(self, pixels: Pixels) -> EncodedPhoto:
        made: Arrays = dict(self._encoder({"x": net_input(pixels)}))
        made.update(self._saliency["saliency"](made))
        heads = None
        if self._heads is not None:
            faces = decoded_faces(self._heads(made)["maps"][0])
            heads = DetectedHeads(head_boxes(faces.boxes), faces.scores)
        maps = made["layer_maps"][0] if "layer_maps" in made else None
        return EncodedPhoto(made, made["gaze"][0, 0], maps, heads)

    def crops(self, boxes: Boxes, photo_ratio: float) -> CropLayout:
        """Boxes (N, 4), sorted out when they are first scored."""
        return CropLayout(boxes, photo_ratio)

    def gaze_shares(self, photo: EncodedPhoto, crops: CropLayout) -> tuple[Scores, Scores]:
        """Shares of gaze inside crops, (N,), and cut by their borders, (N, 4)."""
        if len(crops) == 0:
            return np.zeros(0), np.zeros((0, 4))
        shares = self._saliency["saliency_shares"]
        found = shares({"gaze": photo.features["gaze"], **_arrays(crops)})
        return found["inside"], found["borders"]


def _load_ahead(files: Sequence[GraphFiles]) -> None:
    """Load what most questions need, while a photo is decoded; what fails is told when it is asked for."""
    for one in files:
        for name in sorted(one.names - _SELDOM):
            if not threading.main_thread().is_alive():
                return
            with suppress(WeightsError):
                one[name]


def net_input(pixels: Pixels) -> NDArray[np.float32]:
    """The net input (1, 3, H, W) of sRGB pixels (h, w, 3): what ``models.encoder.to_input`` gives."""
    height, width = pixels.shape[:2]
    size = input_size(width, height)
    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32)
    if size != (width, height):
        # Each colour by itself, as floats: rounded to bytes a photo of another size would differ.
        resized = (
            Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR) for plane in planes
        )
        planes = np.stack([np.asarray(plane) for plane in resized])
    mean, std = (np.array(v, np.float32)[:, None, None] * 255 for v in (MEAN, STD))
    return np.asarray((planes - mean) / std, np.float32)[None]


def _arrays(crops: CropLayout) -> Arrays:
    """A layout as the graphs take it, with the photo's ratio."""
    (rows, row_of), (columns, column_of), pieces = crops.rows, crops.columns, crops.pieces
    return {
        "boxes": crops.boxes,
        "rows": rows,
        "row_of": row_of,
        "columns": columns,
        "column_of": column_of,
        "piece_row": pieces.row,
        "piece_columns": pieces.columns,
        "place": pieces.place,
        "photo_ratio": np.array([crops.photo_ratio], np.float32),
    }


class _Network:
    """A method's graphs; what is scored goes in chunks. ``name`` is the method's."""

    name: str

    def __init__(self, files: GraphFiles, config: Mapping[str, Any]) -> None:
        self.files, self.config = files, config

    def prepare(self, photo: EncodedPhoto, photo_ratio: float) -> Any:
        """What all crops of a photo share: the first graph's outputs, and the gaze."""
        made = self._prepared(photo, f"{self.name}_prepare", photo_ratio)
        return {**made, "seen": photo.features["seen"]}

    def score(self, prepared: Any, crops: CropLayout, circles: bool) -> Scores:
        """Scores (N,)."""
        if len(crops) == 0:
            return np.zeros(0)
        return np.concatenate([self._scored(prepared, p, circles) for p in crops.parts(CHUNK)])

    def screened(self, prepared: Any, crops: CropLayout, circles: bool, wanted: Wanted) -> Scores:
        """Scores (N,): exact ones."""
        return self.score(prepared, crops, circles)

    def _graph(self, part: str) -> Graph:
        return self.files[f"{self.name}_{part}"]

    def _prepared(self, photo: EncodedPhoto, graph: str, photo_ratio: float) -> Arrays:
        ratio = np.array([photo_ratio], np.float32)
        return dict(self.files[graph]({**photo.features, "photo_ratio": ratio}))

    def _scored(self, prepared: Any, crops: CropLayout, circles: bool) -> Scores:
        return self._graph("score")({**prepared, **_arrays(crops)})["scores"]


class GraphGaic(_Network):
    """Grid anchor based image cropping; a circle counts as its square."""

    name = "gaic"

    def screened(self, prepared: Any, crops: CropLayout, circles: bool, wanted: Wanted) -> Scores:
        """Scores (N,), by a sketch of the first layer for those not wanted."""
        if len(crops) == 0:
            return np.zeros(0)
        scores = np.array(self._graph("rough")({**prepared, **_arrays(crops)})["scores"])
        which = wanted(scores)
        scores[which] = self.score(prepared, crops.chosen(which), circles)
        return scores


class GraphAsm(_Network):
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    name = "asm"

    @property
    def pattern(self) -> str:
        """Its composition pattern."""
        return str(self.config["pattern"])

    def score_map(self, prepared: Any) -> NDArray[np.float32]:
        """The aesthetic score map (L, H, W)."""
        found: NDArray[np.float32] = prepared["score_map"][0]
        return found

    def _scored(self, prepared: Any, crops: CropLayout, circles: bool) -> Scores:
        if circles:
            few = crops.parts(_CIRCLES_AT_ONCE)
            return np.concatenate([self._plain("circles", prepared, part) for part in few])
        thin = (crops.boxes[:, 2:] - crops.boxes[:, :2]).min(axis=1) < _LEAST_SIDE
        if not thin.any():
            return super()._scored(prepared, crops, circles)
        scores = np.empty(len(crops), np.float32)
        scores[thin] = self._plain("thin", prepared, crops.chosen(thin))
        if not thin.all():
            scores[~thin] = super()._scored(prepared, crops.chosen(~thin), circles)
        return scores

    def _plain(self, part: str, prepared: Any, crops: CropLayout) -> Scores:
        ratio = np.array([crops.photo_ratio], np.float32)
        given = {**prepared, "boxes": crops.boxes, "photo_ratio": ratio}
        return self._graph(part)(given)["scores"]


class GraphSfrc(_Network):
    """Spatial-aware feature and rank consistency; a circle counts as its square."""

    name = "sfrc"

    def attention(self, prepared: Any) -> NDArray[np.float32] | None:
        """How much each layer counts, (M,); None where it looks at none."""
        return prepared["attention"][0] if "attention" in prepared else None

    def _scored(self, prepared: Any, crops: CropLayout, circles: bool) -> Scores:
        given = {**prepared, **_arrays(crops)}
        if "sfrc_spatial" in self.files.names:
            spatial = self._graph("spatial")
            few = (part.boxes for part in crops.parts(_SPATIAL_AT_ONCE))
            parts = [spatial({**prepared, "boxes": boxes})["spatial"] for boxes in few]
            given["spatial"] = np.concatenate(parts)
        return self._graph("score")(given)["scores"]


class GraphMars(_Network):
    """The area map generated for a crop's own ratio; a circle counts as its square."""

    name = "mars"

    def area_map(self, prepared: Any, ratio: float) -> NDArray[np.float32]:
        """The area map (h, w) in [0, 1] of one pixel ratio."""
        found: NDArray[np.float32] = self._maps(prepared, np.array([ratio]))[0]
        return found

    def _maps(self, prepared: Any, ratios: NDArray[np.float64]) -> NDArray[np.float32]:
        return self._graph("maps")({**prepared, "ratios": ratios.astype(np.float32)})["maps"]

    def _scored(self, prepared: Any, crops: CropLayout, circles: bool) -> Scores:
        """Soft IoU (N,); ratios within 0.01 % of each other share a map."""
        boxes = crops.boxes
        size = boxes[:, 2:] - boxes[:, :2]
        logs = np.log(size[:, 0] / size[:, 1] * np.float32(crops.photo_ratio))
        steps, which = np.unique(np.round(logs * _RATIO_STEPS), return_inverse=True)
        ratios = np.exp(steps / _RATIO_STEPS)
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(np.bincount(which, minlength=len(ratios)))
        scores = np.empty(len(boxes))
        for first in range(0, len(ratios), _RATIOS_AT_ONCE):
            maps = self._maps(prepared, ratios[first : first + _RATIOS_AT_ONCE])
            for place, area_map in enumerate(maps, first):
                own = order[ends[place - 1] if place else 0 : ends[place]]
                scores[own] = WindowSearch(area_map).soft_iou(boxes[own].astype(np.float64))
        return scores


class GraphSetpred(_Network):
    """Cropping as set prediction: crops of its own, each with its validity; a circle as its square."""

    name = "setpred"

    def prepare(self, photo: EncodedPhoto, photo_ratio: float) -> ValidCrops:
        """Its crops of the photo, best first."""
        made = self._prepared(photo, "setpred", photo_ratio)
        return ValidCrops.ranked(made["boxes"], made["validity"])

    def _scored(self, prepared: ValidCrops, crops: CropLayout, circles: bool) -> Scores:
        return prepared.score(crops.boxes.astype(np.float64))


_KINDS: dict[str, type[Any]] = {
    kind.name: kind for kind in (GraphGaic, GraphAsm, GraphSfrc, GraphMars, GraphSetpred)
}
