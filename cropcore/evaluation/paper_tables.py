"""The papers' own tables: which figures each paper prints for its method on a data set, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cropcore.evaluation.published_sets import LayoutName
from cropcore.evaluation.results import Evaluation, MethodFigures

_ACC = {
    **{f"Acc{k}/{n}": f"acc_{k}_{n}" for n in (5,) for k in (1, 2, 3, 4)},
    "Acc5": "acc_5",
    **{f"Acc{k}/{n}": f"acc_{k}_{n}" for n in (10,) for k in (1, 2, 3, 4)},
    "Acc10": "acc_10",
}
_WEIGHTED = {f"w{title}": f"w{metric}" for title, metric in _ACC.items()}
_CORRELATIONS = {"SRCC": "srcc", "PCC": "pcc"}
_FREE = {"IoU": "iou", "Disp": "disp"}
_SEVERAL = {"IoU": "iou_best", "Disp": "disp_best"}
_RECALL = {
    f"Acc1/{n} e={e / 100:.2f}": f"best_recall_{n}_iou{e}" for e in (85, 90) for n in (5, 10)
}
_AP = {f"AP K={k} e={e / 100:.2f}": f"ap_{k}_iou{e}" for e in (85, 90) for k in (5, 10, 40)}


@dataclass(frozen=True, slots=True)
class PaperTable:
    """One table.

    Attributes:
        title: which table of which paper, and what it measures.
        columns: headings and the metrics below them.
        percent: figures are printed in per cent.
    """

    title: str
    columns: Mapping[str, str]
    percent: frozenset[str] = frozenset()

    def rows(self, figures: MethodFigures) -> list[tuple[str, float, int]]:
        """Headings, figures and on how many photos, pairs or crops each rests; those that were measured."""
        known = set(figures.metrics)
        return [
            (heading, figures.mean(metric) * (100 if heading in self.percent else 1), n)
            for heading, metric in self.columns.items()
            if metric in known
            for n in [figures.count(metric)]
        ]


def _table(
    title: str, columns: Mapping[str, str], percent: Mapping[str, str] | None = None
) -> PaperTable:
    in_percent = percent or {}
    return PaperTable(title, {**in_percent, **columns}, frozenset(in_percent))


_MARS_GIVEN = {"IoU": "iou_best_ratio", "BDE": "disp_best_ratio", "IoU own": "iou_each_ratio"}

TABLES: dict[tuple[str, LayoutName], PaperTable] = {
    ("gaic", "gaicd"): _table(
        "gaic on GAICD (TPAMI 2020): return K of top N, rank-weighted, correlations",
        _CORRELATIONS,
        {**_ACC, **_WEIGHTED},
    ),
    ("gaic", "fcdb"): _table("gaic on FCDB", _FREE),
    ("gaic", "flms"): _table("gaic on FLMS, the nearest of ten people's crops", _SEVERAL),
    ("asm", "cpc"): _table(
        "asm on CPC (table 1, figure 5): pairs ranked right", {}, {"Accuracy": "ranking_accuracy"}
    ),
    ("asm", "fcdb"): _table("asm on FCDB (table 2)", _FREE),
    ("asm", "flms"): _table("asm on FLMS (table 3), the nearest of ten people's crops", _SEVERAL),
    ("asm", "gaicd"): _table(
        "asm on GAICD (table 4)", {"SRCC": "srcc"}, {"Acc5": "acc_5", "Acc10": "acc_10"}
    ),
    ("mars", "fat"): _table(
        "mars on FAT (tables 1 to 7), each crop's ratio given; offset of the centres in pixels",
        {"IoU": "iou_each_ratio", "Offset": "offset_each_ratio"},
    ),
    ("mars", "fcdb"): _table(
        "mars on FCDB (table 7), the crop's ratio given", {"IoU": "iou_ratio", "BDE": "disp_ratio"}
    ),
    ("mars", "flms"): _table(
        "mars on HCDB, which is FLMS (table 7), each of ten people's ratios given: against the nearest "
        "of their crops, and against the one that gave the ratio",
        _MARS_GIVEN,
    ),
    ("sfrc", "gaicd"): _table(
        "sfrc on GAICD (tables 1, 4 and 5): return K of top N, correlations", _CORRELATIONS, _ACC
    ),
    ("sfrc", "fcdb"): _table("sfrc on FCDB (table 2)", _FREE),
    ("setpred", "gaicd"): _table(
        "setpred on GAICD (tables 1, 2, 4 and 5): recall of the best crop, average precision",
        {},
        {**_RECALL, **_AP},
    ),
    ("setpred", "cpc"): _table("setpred on CPC (table 4): average precision", {}, _AP),
    ("setpred", "flms"): _table(
        "setpred on FLMS (table 3), the nearest of ten people's crops", {"IoU": "iou_best"}
    ),
}


def paper_tables(result: Evaluation, layout: LayoutName) -> dict[str, dict[str, Any]]:
    """Of each method that a paper measures on a layout: title, and figure and count by heading."""
    found: dict[str, dict[str, Any]] = {}
    for name, figures in result.methods.items():
        table = TABLES.get((name, layout))
        if table is None:
            continue
        rows = table.rows(figures)
        found[name] = {
            "title": table.title,
            "figures": {heading: round(value, 6) for heading, value, _ in rows},
            "n": {heading: n for heading, _, n in rows},
        }
    return found


def table_lines(tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The tables for a person: headings above figures, eight columns a line."""
    lines: list[str] = []
    for table in tables.values():
        lines += ["", str(table["title"])]
        headings = list(table["figures"])
        if not headings:
            lines.append("The labels of this split hold nothing of it.")
        for start in range(0, len(headings), _ABREAST):
            some = headings[start : start + _ABREAST]
            cells = [f"{table['figures'][heading]:.4g}" for heading in some]
            counts = [f"n={table['n'][heading]}" for heading in some]
            widths = [max(map(len, column)) for column in zip(some, cells, counts, strict=True)]
            for row in (some, cells, counts):
                padded = [f"{cell:>{w}}" for cell, w in zip(row, widths, strict=True)]
                lines.append("  ".join(padded))
    return lines


_ABREAST = 5
