"""The parts of encoder and heads that are exported as graphs, with the names of what goes in and out.

Each is a module over tensors of one photo and, where crops are scored, over the arrays of a
``CropLayout``. They call the same code as the engine on torch does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.asm import AsmHead, circle_scores_of_few, crop_scores
from cropcore.models.asm_fast import AsmTable
from cropcore.models.crop_batch import CropBatch
from cropcore.models.encoder import (
    JOINED_CHANNELS,
    LAYER_MAP_SIZE,
    LAYERS,
    LEVEL_CHANNELS,
    Encoder,
    Levels,
)
from cropcore.models.gaic import GaicHead, facts_of_shares
from cropcore.models.gaze_shares import gaze_shares
from cropcore.models.head_detector import HeadDetector, peaks
from cropcore.models.mars import MarsHead, MarsPrepared
from cropcore.models.mars_fast import AreaMaps
from cropcore.models.region_layer import Regions, RegionWeights
from cropcore.models.saliency import SaliencyHead, density
from cropcore.models.setpred import SetpredHead
from cropcore.models.sfrc import SfrcHead

_HEIGHT, _WIDTH = 9, 13
"""Cells of stride 32 of the photo that graphs are recorded with; neither may end up in a graph."""

LAYOUT = ("rows", "row_of", "columns", "column_of", "piece_row", "piece_columns", "place")
"""A ``CropLayout``'s arrays, in their order, as inputs."""


@dataclass(frozen=True, eq=False, slots=True)
class GraphSource:
    """What becomes one graph.

    Attributes:
        name: ``{weights}`` or ``{weights}_{part}``; the file is ``{name}.onnx``.
        module: takes the inputs in their order, and gives a tuple of the outputs.
        inputs: examples by name.
        free: by the name of an input, its axes that may have any length.
        outputs: names.
    """

    name: str
    module: nn.Module
    inputs: Mapping[str, Tensor]
    free: Mapping[str, Sequence[int]]
    outputs: Sequence[str]


class _Given(CropBatch):
    """Crops whose layout comes as tensors."""

    def __init__(self, layout: Sequence[Tensor], photo_ratio: Tensor) -> None:
        rows, row_of, columns, column_of, *pieces = layout
        y, x = rows[row_of], columns[column_of]
        super().__init__(torch.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], dim=1), photo_ratio)
        self.__dict__.update(
            rows=(rows, row_of), columns=(columns, column_of), pieces=tuple(pieces)
        )


class _Named(nn.Module, ABC):
    """A module whose inputs come by name."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        return self.outputs(dict(zip(self.names, tensors, strict=True)))

    @abstractmethod
    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        """What the graph gives for inputs by name."""

    @staticmethod
    def crops(given: dict[str, Tensor]) -> _Given:
        return _Given([given[name] for name in LAYOUT], given["photo_ratio"])

    @staticmethod
    def levels(given: dict[str, Tensor]) -> _KnownLevels:
        nothing = torch.empty(0)
        parts = [given.get(name, nothing) for name in ("s8", "s16_mid", "s16", "s32")]
        return _KnownLevels(*parts, given.get("layer_maps"), given.get("joined", nothing))


class _KnownLevels(Levels):
    """Levels that were joined before."""

    def __init__(self, *parts: Any) -> None:
        *levels, joined = parts
        super().__init__(*levels)
        object.__setattr__(self, "_joined", joined)

    def joined(self) -> Tensor:
        found: Tensor = self._joined  # type: ignore[attr-defined]
        return found


class _Encode(nn.Module):
    def __init__(self, encoder: Encoder, layer_maps: bool) -> None:
        super().__init__()
        self.encoder, self.layer_maps = encoder, layer_maps

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        levels = self.encoder(x, self.layer_maps)
        maps = () if levels.layer_maps is None else (levels.layer_maps,)
        return levels.s8, levels.s16_mid, levels.s16, levels.s32, levels.joined(), *maps


class _Gaze(_Named):
    def __init__(self, head: SaliencyHead) -> None:
        super().__init__(("s8", "s16", "s32"))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        gaze = density(self.head(self.levels(given)))
        return gaze, F.avg_pool2d(gaze, 2)


class _GazeShares(_Named):
    def __init__(self) -> None:
        super().__init__(("gaze", *LAYOUT, "photo_ratio"))

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        inside, borders = gaze_shares(given["gaze"], self.crops(given))
        return inside, borders


class _Heads(_Named):
    def __init__(self, head: HeadDetector) -> None:
        super().__init__(("s8", "s16_mid", "s16", "s32"))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        maps = self.head(self.levels(given))
        return (torch.cat([peaks(maps), maps[:, 1:]], dim=1),)


class _GaicPrepare(_Named):
    def __init__(self, head: GaicHead) -> None:
        super().__init__(("joined", *(("seen",) if head.config.gaze else ())))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        features = self.head.prepare(given["joined"], given.get("seen"))
        weights = RegionWeights.of(self.head.large_kernel, self.head.config.bins)
        regions = Regions.of(features, weights)
        return regions.places, regions.table


class _GaicScore(_Named):
    def __init__(self, head: GaicHead, sketched: bool) -> None:
        seen = ("seen",) if head.config.gaze else ()
        super().__init__(("places", "table", *seen, *LAYOUT, "photo_ratio"))
        self.head = head
        self.sketch: tuple[Tensor, Tensor] | None = None
        if sketched:  # worked out here, as no graph finds eigenvectors
            weights = RegionWeights.of(head.large_kernel, head.config.bins)
            self.sketch = weights.sketched().sketch

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        crops = self.crops(given)
        weights = RegionWeights.of(self.head.large_kernel, self.head.config.bins)
        weights = replace(weights, sketch=self.sketch)
        regions = Regions(weights, given["places"], given["table"])
        made = regions(crops) if self.sketch is None else regions.sketched(crops)
        return (self.head.judge(made, _facts(self.head.config.geometry, given, crops)),)


class _AsmPrepare(_Named):
    def __init__(self, head: AsmHead) -> None:
        super().__init__(("joined",))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        made = AsmTable.of(self.head(given["joined"]), self.head.config.pattern)
        return made.score_map, made.table, made.mean


class _AsmScore(_Named):
    def __init__(self, head: AsmHead) -> None:
        super().__init__(("score_map", "sums", "mean", *LAYOUT, "photo_ratio"))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        table = AsmTable(self.head.config.pattern, given["score_map"], given["sums"], given["mean"])
        crops = self.crops(given)
        scores, prior = table.read(crops), self.head.prior
        return (scores if prior is None else scores + prior.of_facts(crops.facts),)


class _AsmPlain(_Named):
    """For circles, and for crops too thin for the table."""

    def __init__(self, head: AsmHead, circles: bool) -> None:
        super().__init__(("score_map", "boxes", "photo_ratio"))
        self.head = head
        self.pool = circle_scores_of_few if circles else crop_scores

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        boxes, prior = given["boxes"][None], self.head.prior
        scores = self.pool(given["score_map"], boxes, self.head.config.pattern)
        if prior is not None:
            scores = scores + prior(boxes, given["photo_ratio"])
        return (scores[0],)


class _SfrcPrepare(_Named):
    def __init__(self, head: SfrcHead) -> None:
        maps = ("layer_maps",) if head.spatial is not None else ()
        super().__init__(("joined", *maps, *(("seen",) if head.config.gaze else ())))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        made = self.head.prepare(self.levels(given), given.get("seen"))
        weights = RegionWeights.of(self.head.large_kernel, self.head.config.bins)
        regions = Regions.of(made.reduced, weights)
        spatial = (part for part in (made.shared, made.attention) if part is not None)
        return regions.places, regions.table, *spatial


class _SfrcSpatial(_Named):
    def __init__(self, head: SfrcHead) -> None:
        super().__init__(("shared", "boxes"))
        assert head.spatial is not None
        self.feature = head.spatial

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        return (self.feature.of_few(given["shared"], given["boxes"][None])[0],)


class _SfrcScore(_Named):
    def __init__(self, head: SfrcHead) -> None:
        seen = ("seen",) if head.config.gaze else ()
        spatial = ("spatial",) if head.spatial is not None else ()
        super().__init__(("places", "table", *seen, *spatial, *LAYOUT, "photo_ratio"))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        crops = self.crops(given)
        weights = RegionWeights.of(self.head.large_kernel, self.head.config.bins)
        made = Regions(weights, given["places"], given["table"])(crops)
        facts = _facts(self.head.config.geometry, given, crops)
        return (self.head.score(self.head.joined(made, given.get("spatial"), facts)),)


class _MarsPrepare(_Named):
    def __init__(self, head: MarsHead) -> None:
        super().__init__(("s16_mid",) if head.mix is None else ("joined",))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        made = self.head.prepare(self.levels(given))
        return made.base, made.offset, *(() if made.turn is None else (made.turn,))


class _MarsMaps(_Named):
    def __init__(self, head: MarsHead, turn: bool) -> None:
        super().__init__(("base", "offset", *(("turn",) if turn else ()), "ratios"))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        prepared = MarsPrepared(given["base"], given["offset"], given.get("turn"))
        return (AreaMaps(self.head, prepared).of_few(given["ratios"]),)


class _Setpred(_Named):
    def __init__(self, head: SetpredHead) -> None:
        joined = head.config.features == "joined"
        ratio = ("photo_ratio",) if head.config.photo_ratio else ()
        super().__init__(("joined" if joined else "s32", *ratio))
        self.head = head

    def outputs(self, given: dict[str, Tensor]) -> tuple[Tensor, ...]:
        crops = self.head(self.levels(given), given.get("photo_ratio"))
        return crops.boxes[0], crops.validity[0]


def _facts(geometry: bool, given: Mapping[str, Tensor], crops: CropBatch) -> list[Tensor]:
    facts = [crops.facts] if geometry else []
    if "seen" in given:
        facts.append(facts_of_shares(*gaze_shares(given["seen"], crops), crops.boxes))
    return facts


def encoder_sources(encoder: Encoder) -> Iterator[GraphSource]:
    """The encoder, with and without its layer maps."""
    x = torch.randn(1, 3, 32 * _HEIGHT, 32 * _WIDTH)
    levels = ("s8", "s16_mid", "s16", "s32", "joined")
    for name, maps in (("encoder", ()), ("encoder_maps", ("layer_maps",))):
        module = _Encode(encoder, bool(maps))
        yield GraphSource(name, module, {"x": x}, {"x": (2, 3)}, (*levels, *maps))


def saliency_sources(head: SaliencyHead) -> Iterator[GraphSource]:
    """Where people look, and how much of it crops hold and cut."""
    yield _source("saliency", _Gaze(head), ("gaze", "seen"))
    yield _source("saliency_shares", _GazeShares(), ("inside", "borders"))


def heads_sources(head: HeadDetector) -> Iterator[GraphSource]:
    """Maps of persons' heads."""
    yield _source("heads", _Heads(head), ("maps",))


def method_sources(name: str, head: Any) -> Iterator[GraphSource]:
    """What a method needs to prepare a photo and to score crops; ``head`` is its trained module."""
    if name == "gaic":
        yield _source("gaic_prepare", _GaicPrepare(head), ("places", "table"))
        known = _known(head, "gaic_prepare", name)
        yield _source("gaic_score", _GaicScore(head, False), ("scores",), known)
        yield _source("gaic_rough", _GaicScore(head, True), ("scores",), known)
    elif name == "asm":
        yield _source("asm_prepare", _AsmPrepare(head), ("score_map", "sums", "mean"))
        known = _known(head, "asm_prepare", name)
        yield _source("asm_score", _AsmScore(head), ("scores",), known)
        yield _source("asm_thin", _AsmPlain(head, False), ("scores",), known)
        yield _source("asm_circles", _AsmPlain(head, True), ("scores",), known)
    elif name == "sfrc":
        spatial = ("shared", "attention") if head.spatial is not None else ()
        yield _source("sfrc_prepare", _SfrcPrepare(head), ("places", "table", *spatial))
        known = _known(head, "sfrc_prepare", name)
        if spatial:
            yield _source("sfrc_spatial", _SfrcSpatial(head), ("spatial",), known)
            known["spatial"] = torch.randn(_CROPS, head.config.spatial)
        yield _source("sfrc_score", _SfrcScore(head), ("scores",), known)
    elif name == "mars":
        turn = ("turn",) if head.meta is not None and head.config.transform else ()
        yield _source("mars_prepare", _MarsPrepare(head), ("base", "offset", *turn))
        known = _known(head, "mars_prepare", name)
        yield _source("mars_maps", _MarsMaps(head, bool(turn)), ("maps",), known)
    else:
        yield _source("setpred", _Setpred(head), ("boxes", "validity"))


_CROPS, _ROWS, _COLUMNS, _PIECES, _TOGETHER, _RATIOS = 23, 7, 11, 9, 5, 6

_FREE: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("s8", "s16_mid", "s16", "s32", "joined", "gaze", "seen"), (2, 3)),
    **dict.fromkeys(("score_map", "base"), (2, 3)),
    **dict.fromkeys(("places", "sums", "piece_columns"), (0, 1)),
    **dict.fromkeys(("rows", "row_of", "columns", "column_of", "piece_row", "place"), (0,)),
    **dict.fromkeys(("boxes", "spatial", "ratios"), (0,)),
}
"""Axes of inputs that may have any length."""


def _source(
    name: str, module: _Named, outputs: Sequence[str], known: Mapping[str, Tensor] | None = None
) -> GraphSource:
    examples = {**_examples(), **(known or {})}
    inputs = {key: examples[key] for key in module.names}
    free = {key: _FREE.get(key, ()) for key in inputs}
    return GraphSource(name, module.eval(), inputs, free, outputs)


def _known(head: Any, prepare: str, name: str) -> dict[str, Tensor]:
    """Examples of what a method's first graph gives."""
    source = next(source for source in method_sources(name, head) if source.name == prepare)
    with torch.no_grad():
        made = source.module(*source.inputs.values())
    return dict(zip(source.outputs, made, strict=True))


def _examples() -> dict[str, Tensor]:
    """An example of each input that does not come from a method's own graph."""
    h, w = _HEIGHT, _WIDTH
    random = torch.Generator().manual_seed(0)

    def spans(count: int) -> Tensor:
        return (torch.rand(count, 2, generator=random) / 2 + torch.tensor([0.0, 0.5])).contiguous()

    def index(most: int, *shape: int) -> Tensor:
        return torch.randint(most, shape, generator=random)

    def maps(channels: int, times: int) -> Tensor:
        return torch.rand(1, channels, h * times, w * times, generator=random)

    rows, columns = spans(_ROWS), spans(_COLUMNS)
    return {
        "s8": maps(LEVEL_CHANNELS["s8"], 4),
        "s16_mid": maps(LEVEL_CHANNELS["s16_mid"], 2),
        "s16": maps(LEVEL_CHANNELS["s16"], 2),
        "s32": maps(LEVEL_CHANNELS["s32"], 1),
        "joined": maps(JOINED_CHANNELS, 2),
        "layer_maps": torch.rand(1, LAYERS, LAYER_MAP_SIZE, LAYER_MAP_SIZE, generator=random),
        "gaze": maps(1, 4),
        "seen": maps(1, 2),
        "rows": rows,
        "row_of": index(_ROWS, _CROPS),
        "columns": columns,
        "column_of": index(_COLUMNS, _CROPS),
        "piece_row": index(_ROWS, _PIECES),
        "piece_columns": index(_COLUMNS, _PIECES, _TOGETHER),
        "place": index(_PIECES * _TOGETHER, _CROPS),
        "photo_ratio": torch.tensor([_WIDTH / _HEIGHT]),
        "boxes": torch.stack(
            [columns[:_ROWS, 0], rows[:, 0], columns[:_ROWS, 1], rows[:, 1]], dim=1
        ),
        "ratios": torch.rand(_RATIOS, generator=random) + 0.5,
    }
