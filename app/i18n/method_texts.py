"""Translated names and descriptions of the cropping methods."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cropcore.geometry.crop import Candidate, Suggestions
from cropcore.geometry.match import MATCH

VALIDITY_METHOD = "setpred"
"""The method whose own score of a crop is its validity, a probability."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Methods", text)


@dataclass(frozen=True, slots=True)
class MethodWords:
    """One method: its name, what it does in a line, how it works in three sentences, its paper."""

    title: str
    tip: str
    sentences: tuple[str, str, str]
    authors: str = ""
    paper: str = ""
    venue: str = ""


def method_words() -> dict[str, MethodWords]:
    """The methods by the engine's names, the cascade first."""
    return {
        "cascade": MethodWords(
            _tr("Cascade"),
            _tr("All five together, weighed by how well each knows what people choose"),
            (
                _tr(
                    "Thousands of crops of the wanted ratio are looked at, together with those "
                    "that Set prediction and Mars propose for it."
                ),
                _tr(
                    "The methods that know best what people choose score each of them, and SFRC "
                    "scores the best again as soon as nothing is being moved."
                ),
                _tr(
                    "What you see is ranked by all these scores together, weighed as fits best "
                    "what people chose."
                ),
            ),
            venue=_tr("No paper: this is Cropsight's own way to join the five."),
        ),
        "gaic": MethodWords(
            _tr("GAIC"),
            _tr("Weighs what a crop keeps against what it leaves out"),
            (
                _tr(
                    "Crops that differ by a few pixels look alike, so this method compares a "
                    "limited set of crops on a grid instead of all that are possible."
                ),
                _tr(
                    "For each of them a network looks at what lies inside, at what would be thrown "
                    "away, and at where in the crop things lie."
                ),
                _tr("From this it predicts the mark that people would give to the crop."),
            ),
            "Hui Zeng, Lida Li, Zisheng Cao, Lei Zhang",
            "Grid Anchor based Image Cropping: A New Benchmark and An Efficient Model",
            "CVPR 2019, TPAMI 2020",
        ),
        "sfrc": MethodWords(
            _tr("SFRC"),
            _tr("Judges how a crop lies to the objects and edges of the photo"),
            (
                _tr(
                    "This method asks how a crop lies to what stands out in the photo, such as "
                    "salient objects and strong edges."
                ),
                _tr(
                    "It gathers maps from all layers of its network, keeps the telling ones, and "
                    "reads them together with a mask of the crop."
                ),
                _tr(
                    "A classifier learns from people which of two crops is better, and holds the "
                    "scores to the same order on photos that nobody has judged."
                ),
            ),
            "Chao Wang, Li Niu, Bo Zhang, Liqing Zhang",
            "Image Cropping with Spatial-aware Feature and Rank Consistency",
            "CVPR 2023",
        ),
        "asm": MethodWords(
            _tr("ASM"),
            _tr("Scores each place by where in the crop it comes to lie"),
            (
                _tr(
                    "A network gives each place of the photo several scores, one for each part of "
                    "a composition in which it may come to lie."
                ),
                _tr(
                    "A crop divides the photo into such parts, and its score is the mean of what "
                    "its places score there."
                ),
                _tr(
                    "For places that people look at, the scores are taught to depend more on the "
                    "part, so that what matters is put where it belongs."
                ),
            ),
            "Yi Tu, Li Niu, Weijie Zhao, Dawei Cheng, Liqing Zhang",
            "Image Cropping with Composition and Saliency Aware Aesthetic Score Map",
            "AAAI 2020",
        ),
        "mars": MethodWords(
            _tr("Mars"),
            _tr("Paints the area to keep for exactly this ratio"),
            (
                _tr(
                    "From the wanted ratio this method generates some of its own weights, so that "
                    "one network serves every ratio."
                ),
                _tr(
                    "The network then paints the area of the photo that a crop of this ratio "
                    "should cover."
                ),
                _tr("The crop is the box of exactly this ratio that fits the area best."),
            ),
            "Debang Li, Junge Zhang, Kaiqi Huang",
            "Learning to Learn Cropping Models for Different Aspect Ratio Requirements",
            "CVPR 2020",
        ),
        "setpred": MethodWords(
            _tr("Set prediction"),
            _tr("Predicts several different crops at once, each with its validity"),
            (
                _tr(
                    "This method predicts a whole set of crops at once, each from a learnt "
                    "starting point and none bound to a grid."
                ),
                _tr(
                    "Every starting point looks at the whole photo and at the other ones, which "
                    "lets the crops be good in different ways."
                ),
                _tr("Each crop comes with a validity, the probability that it is a good one."),
            ),
            "Gengyun Jia, Huaibo Huang, Chaoyou Fu, Ran He",
            "Rethinking Image Cropping: Exploring Diverse Compositions from Global Views",
            "CVPR 2022",
        ),
    }


def validity_of(suggestions: Suggestions | None, candidate: Candidate | None) -> float | None:
    """The validity of a candidate, in [0, 1]; None where its method has none."""
    if suggestions is None or candidate is None or suggestions.method != VALIDITY_METHOD:
        return None
    return candidate.raw_score


def method_title(name: str) -> str:
    """The readable name of a method; one without words keeps the engine's."""
    if name.startswith(f"{MATCH}:"):
        return _tr("Like the copied crop")
    words = method_words().get(name)
    return words.title if words is not None else name
