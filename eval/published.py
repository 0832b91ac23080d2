"""Figures that others have published, to stand beside our own: read in a paper, not measured here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from common.names import name_key
from eval.report import Report

SOURCE = "J. Dong et al., From Region to Patch, SIGIR 2023, arXiv:2305.10260"


@dataclass(frozen=True)
class Published:
    """One figure of one method on the test split of a data set, in percent.

    dataset: as `catalog.Splits` names it. figure: as `report.FIGURES` names it. attributes: by the
    name that the published split files give it. overall: query-weighted mean over the attributes.
    measured: always False; whoever shows figures shows this with them.
    """

    dataset: str
    method: str
    figure: str
    attributes: Mapping[str, float]
    overall: float
    source: str = SOURCE
    measured: bool = field(default=False, init=False)

    def of(self, attribute: str) -> float | None:
        """The figure of an attribute, however its name is spelled; None where it is none of the
        data set."""
        wanted = _key(attribute)
        return next((value for name, value in self.attributes.items() if _key(name) == wanted), None)


def _rpf(dataset: str, overall: float, **attributes: float) -> Published:
    names = {name.replace("__", " "): value for name, value in attributes.items()}
    return Published(dataset, "RPF", "map", MappingProxyType(names), overall)


FIGURES = (
    _rpf(
        "FashionAI",
        70.11,
        skirt_length=66.75,
        sleeve_length=67.86,
        coat_length=59.65,
        pant_length=73.23,
        collar_design=75.72,
        lapel_design=73.18,
        neckline_design=74.40,
        neck_design=75.01,
    ),
    _rpf(
        "DARN",
        58.80,
        clothes__category=45.18,
        clothes__button=54.92,
        clothes__color=55.08,
        clothes__length=63.51,
        clothes__pattern=57.04,
        clothes__shape=63.54,
        collar__shape=41.20,
        sleeve__length=86.95,
        sleeve__shape=62.43,
    ),
    _rpf("DeepFashion", 10.22, texture=15.62, fabric=8.30, shape=15.02, part=7.38, style=4.77),
)
"""What RPF.md §8 lists."""


@dataclass(frozen=True)
class Beside:
    """Published figures beside a report. same_queries: whether the report was made on the published
    queries and candidates; only then do the figures differ by method alone. attributes: those of
    the report that have one, in its spelling."""

    published: Published
    same_queries: bool
    attributes: dict[str, float]


def beside(report: Report, kind: str | None = None) -> list[Beside]:
    """The published figures that belong beside a report, a `Beside` for each method and figure.

    kind: the preset by which its catalog was read (`catalog.PRESETS`: fashionai, darn, deepfashion)
    or the name of the data set. Without it the attributes tell, of a report on published queries
    alone: other catalogs have attributes of these names too.
    """
    asked = report.protocol.get("queries") == "published"
    found = []
    for one in FIGURES:
        belongs = name_key(kind) == name_key(one.dataset) if kind is not None else asked and _knows(one, report)
        values = {name: value for name in report.attributes if (value := one.of(name)) is not None}
        if belongs and values:
            found.append(Beside(one, asked, values))
    return found


def _knows(one: Published, report: Report) -> bool:
    return all(one.of(name) is not None for name in report.attributes)


def _key(name: str) -> str:
    """Names as the split files, the data sets' own lists and RPF.md spell them: clothes color is
    color, texture-related texture."""
    return name_key(name).removeprefix("clothes ").removesuffix(" related")
