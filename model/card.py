"""The model card: what the weights know, what they were trained on, what they measured."""

import re
from collections.abc import Sequence
from typing import Any

from huggingface_hub import EvalResult, ModelCardData

from model.config import GLOBAL, PATCH_ONLY, Config

METHODS = {
    "RPF": "RPF (*From Region to Patch*, SIGIR 2023, arXiv:2305.10260)",
    "ASEN": "ASEN (AAAI 2020, arXiv:2002.02814)",
    "CSN": "a conditional similarity network (CVPR 2017, arXiv:1603.07810)",
    "triplet network": "an attribute-blind network",
    GLOBAL: "global similarity, a frozen network that knows nothing of attributes,",
    PATCH_ONLY: "the patch branch alone of RPF (SIGIR 2023, arXiv:2305.10260)",
}

CALIBRATED = (
    "Calibrated: each attribute's embeddings are centred and drawn out along linear discriminants of its training labels "
    "(`model/calibration.py`), which is no part of the paper."
)
GATED = (
    "Gated: attention maps are multiplied with how likely each location shows garment or wearer (`model/gate.py`), which is no "
    "part of the paper."
)

COMPARED = (
    "Each attribute has a mix of views in its score: region branch, patch branch on the crop and on the whole centre square, and "
    "the general view, which knows no attribute"
)
READ = "; beside it stands, with a share of {share:g}, what a linear reading of these views says of the values (`model/readout.py`)"
GENERAL_VIEW = (
    "The general view is the frozen {trunk}, which travels inside these weights in float16{origin}. Vectors are centred on the "
    "catalog that is searched. None of this is part of the paper."
)


def trunks(config: Config) -> str:
    return " + ".join(name for name in (config.region_trunk, config.patch_trunk) if name is not None)


def card(config: Config, record: dict[str, Any] | None = None) -> str:
    """The model card (Markdown with front matter) of weights; `record` is their training record
    (`training.json`), its `results` become a model-index. A record with `terms` is not under
    Apache-2.0."""
    record = record or {}
    name = str(record.get("name", "RPF weights"))
    sections = [_summary(config, name), _views(config, record), _attributes(config), _data(record), _results(record)]
    text = "\n\n".join(section for section in sections if section)
    return f"---\n{front_matter(record, name).to_yaml()}\n---\n\n{text}\n"


def front_matter(record: dict[str, Any], name: str) -> ModelCardData:
    """What the Hub reads of a card: licence, library, tags and, where there are results, the
    model-index."""
    terms = bool(record.get("terms"))
    results = [
        EvalResult(
            task_type="image-retrieval",
            dataset_type=_identifier(catalog),
            dataset_name=catalog,
            dataset_split=result["split"],
            metric_type="map",
            metric_name="MAP (plain mean of attributes)",
            metric_value=round(result["map_plain"], 2),
        )
        for catalog, result in (record.get("results") or {}).items()
    ]
    return ModelCardData(
        license="other" if terms else "apache-2.0",
        license_name="see-training-images" if terms else None,
        library_name="lapel",
        pipeline_tag="image-feature-extraction",
        tags=["fashion-retrieval", "attribute-specific-retrieval", "rpf"],
        model_name=name if results else None,
        eval_results=results or None,
    )


def _identifier(catalog: str) -> str:
    """The Hub takes an identifier for a data set's type: letters, digits and `_.-`."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", catalog).strip("-.") or "catalog"


def _summary(config: Config, name: str) -> str:
    lines = [
        f"# {name}",
        "",
        f"Weights of {METHODS[config.method]} for Lapel: attribute-specific fashion retrieval.",
        f"Trunks: {trunks(config)}; {_embeddings(config)}.",
        *([CALIBRATED] if config.calibration_axes is not None else []),
        *([GATED] if config.gate is not None else []),
    ]
    return "\n".join(lines)


def _views(config: Config, record: dict[str, Any]) -> str:
    """What of the score is ours and where the general trunk comes from; nothing without a mix."""
    if config.mix is None:
        return ""
    origin = record.get("trunks", {}).get(config.general_trunk)
    general = GENERAL_VIEW.format(trunk=config.general_trunk, origin=f" ({origin})" if origin else "")
    compared = COMPARED + (READ.format(share=config.reading) if config.reading else "")
    return f"{compared}. {general if config.general_trunk else ''}".strip()


def _embeddings(config: Config) -> str:
    if config.mix is not None:
        return f"embeddings of {config.dim} a view"
    if config.only is None:
        return f"embeddings of 2 x {config.dim}, β {config.beta:g}"
    return f"embeddings of {config.dim}, of the {('region', 'patch')[config.only]} branch alone"


def _attributes(config: Config) -> str:
    shares = {
        name: ", ".join(f"{view} {share:.2g}" for view, share in config.mix_of(name).items())
        for name in config.attributes
    }
    rows = [(name, shares[name], ", ".join(values)) for name, values in config.attributes.items()]
    return _table(("attribute", "mix", "values"), rows)


def _data(record: dict[str, Any]) -> str:
    columns = ("name", "images", "source", "terms")
    rows = [tuple(str(entry[column]) for column in columns) for entry in record.get("data") or []]
    table = "## Training images\n\n" + _table(("catalog", *columns[1:]), rows) if rows else ""
    return "\n\n".join(part for part in (table, str(record.get("terms") or "")) if part)


def _results(record: dict[str, Any]) -> str:
    """A table of figures in percent, a row a catalog, beside global similarity and chance; columns
    that no catalog has a figure for are left out."""
    results = {name: _with_views(result) for name, result in (record.get("results") or {}).items()}
    if not results:
        return ""
    views = dict.fromkeys(view for result in results.values() for view in result["views"])
    columns = {
        "map_plain": "MAP % (plain mean)",
        "map_global": "global similarity",
        **{f"views {view}": view for view in views},
        "chance_map": "chance",
        "p12": "P@12",
        "p12_global": "P@12, global",
        "ceiling_p12": "P@12 at most",
        "chance_p12": "P@12, chance",
    }
    known = [key for key in columns if any(_figure(result, key) is not None for result in results.values())]
    rows = [
        (name, result["split"], *(_cell(_figure(result, key)) for key in known)) for name, result in results.items()
    ]
    table = _table(("catalog", "split", *(columns[key] for key in known)), rows)
    return "\n\n".join(["## Results", table, *_about(results, record)])


def _with_views(result: dict[str, Any]) -> dict[str, Any]:
    """A result with its figures by view; records from before have those of region and patch."""
    former = {"region": result.get("map_region"), "patch": result.get("map_patch")}
    return {**result, "views": result.get("map_by_view") or former}


def _figure(result: dict[str, Any], key: str) -> float | None:
    kind, _, view = key.partition(" ")
    found = result["views"].get(view) if view else result.get(kind)
    return None if found is None else float(found)


def _cell(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"


def _about(results: dict[str, Any], record: dict[str, Any]) -> list[str]:
    """Which of the catalogs are strangers, where mixing does harm, and how many twins were left out."""
    lines = []
    trained = {entry["name"] for entry in record.get("data") or []}
    strangers = [name for name in results if name not in trained]
    if trained and strangers:
        lines.append(f"No image of these was trained on: {', '.join(strangers)}.")
    for name, result in results.items():
        others = {"global similarity": _figure(result, "map_global"), **result["views"]}
        above = [f"{other} ({figure:.2f})" for other, figure in others.items() if (figure or 0) > result["map_plain"]]
        if above:
            lines.append(f"On {name}, MAP is below that of {', '.join(above)}.")
    twins = [
        f"{result['twins_left_out']} of {name}" for name, result in results.items() if result.get("twins_left_out")
    ]
    if twins:
        lines.append(f"Images with a byte-identical twin in another split, left out: {', '.join(twins)}.")
    return ["\n".join(lines)] if lines else []


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars and line ends, which would end a cell, are masked or taken out."""
    cells = [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in (head, *cells)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
