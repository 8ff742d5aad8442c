"""Scores crops of a scene by the methods and the cascade, with caching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.calibration import Calibration
from cropcore.engine.cascade import CASCADE, CUT, Pool, Rule, join, quick_terms
from cropcore.engine.crop_distribution import SUPPORT, WindowDistribution, within_tightness
from cropcore.engine.diverse_candidates import FLATTER
from cropcore.engine.methods import Asm, Mars, Sfrc, methods_of
from cropcore.engine.nested_crops import InnerShape, NestedSearch
from cropcore.engine.networks import Networks, Scores
from cropcore.engine.scene import Scene
from cropcore.engine.window_search import CropRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, area, as_boxes
from cropcore.geometry.crop import Box
from cropcore.geometry.nested import later_shapes
from cropcore.geometry.windows import MIN_AREA, windows

_T = TypeVar("_T")

REACH = 6.0
"""How many temperatures below the best logit a crop may lie and still be scored exactly; what lies lower is
400 times less likely. With twice as many the first crops of 34 photos at six aspects are the same."""

ROUGHNESS = 0.6
"""Largest error of a rough score."""

AT_REST = 320
"""Windows of the quick methods that a set of candidates covers where there is time."""

SHORTLIST = 640
"""Crops that the slowest of the quick methods is asked about: those that stand best by the others. On
40 photos at six aspects the first crop is the one that all crops give, and so are the sets of ten."""

LEADING = 192
"""Crops that are scored exactly at least: all that may be suggested or refined, and some."""


class Scorer:
    """Asks the methods about crops and keeps their answers in the scene's memory.

    All methods of one folder of weights; ``cascade`` is the rule that joins them, where there is one.
    """

    def __init__(
        self,
        networks: Networks,
        calibrations: Mapping[str, Calibration],
        cascade: tuple[Rule, Calibration] | None,
    ) -> None:
        self._networks = networks
        self._methods = methods_of(networks.methods)
        self._calibrations = calibrations
        self._cascade = cascade
        self.names = (*((CASCADE,) if cascade else ()), *calibrations)

    def gaze(self, scene: Scene, box: Box) -> tuple[float, tuple[float, float, float, float]]:
        """The share of gaze inside a box, and those that its left, top, right and bottom cut."""
        crops = self.crops(scene, as_boxes([box]))
        inside, borders = self._networks.gaze_shares(scene.encoded, crops)
        left, right, top, bottom = borders[0].tolist()
        return float(inside[0]), (left, top, right, bottom)

    def area_map(self, scene: Scene, ratio: float) -> NDArray[np.float32]:
        """mars' area map (h, w) in [0, 1] for a pixel ratio."""
        method = self._methods[Mars.name]
        assert isinstance(method, Mars)
        return method.network.area_map(self.prepared(scene, Mars.name), ratio)

    def score_map(self, scene: Scene) -> tuple[NDArray[np.float32], str]:
        """asm's score map (L, H, W) and its composition pattern."""
        method = self._methods[Asm.name]
        assert isinstance(method, Asm)
        return method.network.score_map(self.prepared(scene, Asm.name)), method.network.pattern

    def attention(self, scene: Scene) -> NDArray[np.float32] | None:
        """How much each of the encoder's layers counts for sfrc, (M,); None where none does."""
        method = self._methods[Sfrc.name]
        assert isinstance(method, Sfrc)
        return method.network.attention(self.prepared(scene, Sfrc.name))

    def calibration(self, name: str) -> Calibration:
        """Constants of a method or of the cascade."""
        return self._rule()[1] if name == CASCADE else self._calibrations[name]

    def _rule(self) -> tuple[Rule, Calibration]:
        assert self._cascade is not None
        return self._cascade

    def prepared(self, scene: Scene, name: str) -> Any:
        """What all crops of a scene share for a method."""

        def prepare() -> Any:
            return self._networks.methods[name].prepare(scene.encoded, scene.photo_ratio)

        return _remembered(scene, ("prepared", name), None, prepare)

    def crops(self, scene: Scene, boxes: Boxes) -> Any:
        """Boxes (N, 4) as the networks take them: once for all that is asked of them."""
        return self._networks.crops(boxes, scene.photo_ratio)

    def term(self, scene: Scene, name: str, crops: Any, circles: bool) -> NDArray[np.float64]:
        """A method's score, or the share of gaze that is cut, of crops: (N,)."""
        if name == CUT:
            return self._networks.gaze_shares(scene.encoded, crops)[1].sum(axis=-1).astype(float)
        network = self._networks.methods[name]
        return network.score(self.prepared(scene, name), crops, circles).astype(np.float64)

    def leading(
        self,
        scene: Scene,
        name: str,
        crops: Any,
        circles: bool,
        others: Any,
        weight: float,
        temperature: float,
    ) -> NDArray[np.float64]:
        """A method's scores (N,) of crops, exact for those that lead, rough for the rest.

        They lead by ``weight`` times the score plus ``others`` (N,), at a softmax ``temperature``.
        """

        def wanted(rough: Scores) -> NDArray[np.bool_]:
            logits = weight * rough.astype(np.float64) + others
            least = logits.max() - REACH * temperature - abs(weight) * ROUGHNESS
            if len(logits) > LEADING:
                least = min(least, np.partition(logits, -LEADING)[-LEADING])
            return np.asarray(logits >= least)

        prepared, network = self.prepared(scene, name), self._networks.methods[name]
        return network.screened(prepared, crops, circles, wanted).astype(np.float64)

    def raw_scores(self, scene: Scene, crops: Any, name: str, circles: bool) -> NDArray[np.float64]:
        """Scores (N,) of crops by a method, less what cut gaze costs, or by the cascade."""
        if name == CASCADE:
            weights = self._rule()[0].votes
            terms = {
                n: self.term(scene, n, crops, circles) for n, weight in weights.items() if weight
            }
            return np.asarray(join(terms, weights), np.float64)
        scores = self.term(scene, name, crops, circles)
        cut = self._calibrations[name].cut
        return scores - cut * self.term(scene, CUT, crops, circles) if cut else scores

    def proposals(self, scene: Scene, request: CropRequest) -> Boxes:
        """Windows of all sizes and places, then what methods propose of their own."""
        everywhere = windows(request.ratio, request.photo_ratio)
        return np.concatenate([request.among(everywhere), self._own_proposals(scene, request)])

    def _own_proposals(self, scene: Scene, request: CropRequest) -> Boxes:
        """Crops (N, 4) that methods propose of their own and that suit the question.

        None is smaller than the smallest window; tightness goes by the largest window.
        """
        everywhere = windows(request.ratio, request.photo_ratio)
        own = np.concatenate(
            [
                method.propose(self.prepared(scene, name), request)
                for name, method in self._methods.items()
            ]
        )
        least = min(MIN_AREA, float(area(everywhere).min())) - 1e-9
        both = np.concatenate([everywhere, own])
        suited = within_tightness(both, request.tightness)[len(everywhere) :]
        return own[suited & (area(own) >= least) & request.holding(own)]

    def pool(self, scene: Scene, request: CropRequest, refine: bool, exact: bool = False) -> Pool:
        """The cascade's crops with all that was asked about them: windows; refined also own proposals.

        A slider that moves thus asks only methods that have a say among windows. Unless ``exact``,
        crops without a chance may have rough scores.
        """
        rule = self._rule()[0]
        quick_weights = rule.for_windows(request.ratio, refined=False)
        quick_names = quick_terms(quick_weights)
        place = _once(partial(self.crops, scene))

        def score_by(name: str, boxes: Boxes) -> NDArray[np.float64]:
            return self.term(scene, name, place(boxes), request.circles)

        def lead(name: str, boxes: Boxes, others: Any, weight: float) -> NDArray[np.float64]:
            temperature = self._rule()[1].temperature(request.ratio)
            circles = request.circles
            if len(boxes) <= SHORTLIST:
                crops = place(boxes)
                return self.leading(scene, name, crops, circles, others, weight, temperature)
            listed = np.zeros(len(boxes), bool)
            listed[np.argsort(-others, kind="stable")[:SHORTLIST]] = True
            few = self.crops(scene, boxes[listed])
            known = self.leading(scene, name, few, circles, others[listed], weight, temperature)
            scores = np.full(len(boxes), known.min())
            scores[listed] = known
            return scores

        def quick() -> Pool:
            boxes = request.among(windows(request.ratio, request.photo_ratio))
            first = quick_names[0] if quick_names[0] != CUT and not exact else None
            terms = {name: score_by(name, boxes) for name in quick_names if name != first}
            if first is not None:  # last, as it need be exact for the leading crops alone
                others = join(terms, {name: quick_weights.get(name, 0.0) for name in terms})
                terms[first] = lead(first, boxes, others, quick_weights[first])
            return Pool(boxes, terms, join(terms, quick_weights))

        pool = _remembered(scene, "pool", (request, exact), quick)
        if not refine:
            return pool

        def refined() -> Pool:
            own = self._own_proposals(scene, request)
            terms = {name: score_by(name, own) for name in quick_names}
            more = Pool(own, terms, join(terms, quick_weights))
            return pool.with_more(more).refined(
                score_by, rule.for_windows(request.ratio, refined=True)
            )

        return _remembered(scene, "refined", (request, exact), refined)

    def scored_windows(
        self, scene: Scene, request: CropRequest, name: str, refine: bool, exact: bool = False
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) that a method starts from and their scores or logits (N,).

        Unless ``exact``, crops without a chance may have rough ones.
        """
        if name == CASCADE:
            pool = self.pool(scene, request, refine, exact)
            return pool.boxes, pool.logits
        method, calibration = self._methods[name], self._calibrations[name]

        def score(boxes: Boxes) -> NDArray[np.float64]:
            crops = self.crops(scene, boxes)
            if exact:
                return self.raw_scores(scene, crops, name, request.circles)
            cost: Any = 0.0
            if calibration.cut:
                cost = calibration.cut * self.term(scene, CUT, crops, request.circles)
            temperature = calibration.temperature(request.ratio)
            found = self.leading(scene, name, crops, request.circles, -cost, 1.0, temperature)
            return np.asarray(found - cost)

        def scored_windows() -> tuple[Boxes, NDArray[np.float64]]:
            return method.scored_windows(self.prepared(scene, name), request, score)

        return _remembered(scene, ("survey", name), (request, exact), scored_windows)

    def best(
        self, scene: Scene, request: CropRequest, name: str
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) as a method's paper finds them, best first, and their scores (N,)."""

        def score(boxes: Boxes) -> NDArray[np.float64]:
            return self.raw_scores(scene, self.crops(scene, boxes), name, request.circles)

        return self._methods[name].best(self.prepared(scene, name), request, score)

    def ranked(
        self, scene: Scene, request: CropRequest, name: str
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """As :meth:`best`, with those that look alike: what the paper's measures count."""

        def score(boxes: Boxes) -> NDArray[np.float64]:
            return self.raw_scores(scene, self.crops(scene, boxes), name, request.circles)

        return self._methods[name].ranked(self.prepared(scene, name), request, score)

    def distribution(
        self, scene: Scene, request: CropRequest, name: str, refine: bool
    ) -> WindowDistribution:
        """Where a person's crop probably lies, as a method or the cascade sees it."""

        def distribution() -> WindowDistribution:
            boxes, scores = self.scored_windows(scene, request, name, refine)
            temperature = self.calibration(name).temperature(request.ratio)
            return WindowDistribution.from_scores(
                boxes, scores, temperature, request.ratio, request.photo_ratio
            )

        return _remembered(scene, "chances", (request, name, refine), distribution)

    def set_windows(
        self, scene: Scene, request: CropRequest, name: str, refine: bool
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Windows (N, 4) and probabilities (N,) that a set of candidates is to cover.

        Flatter than the distribution for the first crop. What the refining method says counts as much
        as what the quick ones say of all windows, as people's crops lie where either sees merit.
        """

        def windows() -> tuple[Boxes, NDArray[np.float64]]:
            temperature = FLATTER * self.calibration(name).temperature(request.ratio)
            parts = [self.scored_windows(scene, request, name, refine)]
            if name == CASCADE and refine:
                parts.append(self.scored_windows(scene, request, name, False))
            chances = [
                _strongest(*part, temperature, AT_REST if refine else SUPPORT) for part in parts
            ]
            boxes = np.concatenate([boxes for boxes, _ in chances])
            return boxes, np.concatenate([weights for _, weights in chances]) / len(chances)

        return _remembered(scene, "set windows", (request, name, refine), windows)

    def opinions(
        self, scene: Scene, boxes: Boxes, name: str, request: CropRequest, refine: bool
    ) -> tuple[NDArray[np.float64], list[str]]:
        """Raw scores (K,) of suggested boxes (K, 4), and which method proposed each."""
        crops = self.crops(scene, boxes)
        if name != CASCADE:
            raw = self.raw_scores(scene, crops, name, request.circles)
            return raw, [name] * len(boxes)
        rule = self._rule()[0]
        weights = rule.for_windows(request.ratio, refine)
        # What a moving slider shows for a moment does without the refining method here too.
        own = rule.votes if refine else weights
        names = {n for part in (own, weights) for n, weight in part.items() if weight}
        terms = {n: self.term(scene, n, crops, request.circles) for n in sorted(names)}
        pool = self.pool(scene, request, refine)
        proposers = [
            pool.proposer({n: float(values[i]) for n, values in terms.items()}, weights)
            for i in range(len(boxes))
        ]
        return np.asarray(join(terms, own), np.float64), proposers

    def nested_search(
        self,
        scene: Scene,
        aspect: Aspect,
        also: Iterable[Aspect],
        name: str,
        protect: Sequence[Box],
        heads: Sequence[Box] = (),
        texts: Sequence[Box] = (),
    ) -> NestedSearch | None:
        """The shapes to be cut later from crops of an aspect; None where there are none.

        Where people would crop the photo to these shapes is worked out once, quickly.

        Raises:
            AspectError: one of them is ``free``.
        """
        # With the ratio given asm is as good as any, and takes a fraction of the cascade's time.
        judge = Asm.name if name == CASCADE and Asm.name in self.names else name
        inner = []
        for shape in later_shapes(aspect, also, scene.photo_width, scene.photo_height):
            request = scene.request(shape, protect=protect, heads=heads, texts=texts)
            find = partial(self.distribution, scene, request, judge, refine=False)
            chances = _remembered(scene, ("inner", shape), (request, judge), find)
            inner.append(InnerShape(shape, chances, self.calibration(judge), request.held))
        return (
            NestedSearch(
                tuple(inner),
                self.calibration(name),
                scene.request(aspect).ratio,
                aspect.is_circle,
            )
            if inner
            else None
        )


def _strongest(
    boxes: Boxes, scores: NDArray[np.float64], temperature: float, most: int
) -> tuple[Boxes, NDArray[np.float64]]:
    """The likeliest of boxes (N, 4) under a softmax of their scores (N,), and their probabilities."""
    order = np.argsort(-scores, kind="stable")[:most]
    weights = np.exp((scores[order] - scores[order[0]]) / temperature)
    return boxes[order], weights / weights.sum()


def _once(place: Callable[[Boxes], Any]) -> Callable[[Boxes], Any]:
    """``place``, with its last result cached for the same array."""
    last: list[tuple[Boxes, Any]] = []

    def placed_once(boxes: Boxes) -> Any:
        if not last or last[0][0] is not boxes:
            last[:] = [(boxes, place(boxes))]
        return last[0][1]

    return placed_once


def _remembered(scene: Scene, kind: Any, key: Any, work: Callable[[], _T]) -> _T:
    """What ``work`` gives; of each kind the scene keeps the answer to the last key."""
    known: _T | None = scene.recall(kind, key)
    return scene.remember(kind, key, work()) if known is None else known
