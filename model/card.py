"""The model card: what the weights know, what they were trained on, what they measured."""

import json
from typing import Any

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


def trunks(config: Config) -> str:
    return " + ".join(name for name in (config.region_trunk, config.patch_trunk) if name is not None)


def card(config: Config, record: dict[str, Any] | None = None) -> str:
    """Markdown with front matter; `record` is the training record (`training.json`), its `results` become a model-index."""
    record = record or {}
    lines = [
        "---",
        "license: other" if record.get("terms") else "license: apache-2.0",
        *(["license_name: see-training-images"] if record.get("terms") else []),
        "library_name: lapel",
        "pipeline_tag: image-feature-extraction",
        "tags: [fashion-retrieval, attribute-specific-retrieval, rpf]",
        *_model_index(record.get("results", {})),
        "---",
        "",
        f"# {record.get('name', 'RPF weights')}",
        "",
        f"Weights of {METHODS[config.method]} for Lapel: attribute-specific fashion retrieval.",
        f"Trunks: {trunks(config)}; embeddings of 2 x {config.dim}, β {config.beta}.",
        *([CALIBRATED] if config.calibration_axes is not None else []),
        *([GATED] if config.gate is not None else []),
        "",
        "| attribute | β | values |",
        "|---|---|---|",
        *(f"| {name} | {config.beta_of(name):g} | {', '.join(values)} |" for name, values in config.attributes.items()),
        "",
    ]
    if record.get("data"):
        lines += ["## Training images", "", "| catalog | images | source | terms |", "|---|---|---|---|"]
        lines += [f"| {d['name']} | {d['images']} | {d['source']} | {d['terms']} |" for d in record["data"]]
        lines += [""]
    if record.get("terms"):
        lines += [str(record["terms"]), ""]
    if record.get("results"):
        lines += [
            "## Results",
            "",
            "| catalog | split | MAP % (plain mean) | region | patch | chance |",
            "|---|---|---|---|---|---|",
        ]
        for name, result in record["results"].items():
            figures = (result[key] for key in ("map_plain", "map_region", "map_patch", "chance_map"))
            cells = ("–" if figure is None else f"{figure:.2f}" for figure in figures)
            lines.append(f"| {name} | {result['split']} | {' | '.join(cells)} |")
        lines += [""]
    return "\n".join(lines)


def _model_index(results: dict[str, Any]) -> list[str]:
    if not results:
        return []
    lines = ["model-index:", "- name: rpf", "  results:"]
    for name, result in results.items():
        lines += [
            "  - task: {type: image-retrieval}",
            f"    dataset: {{name: {json.dumps(name)}, type: {json.dumps(name)}, split: {json.dumps(result['split'])}}}",
            f"    metrics: [{{type: map, name: MAP (plain mean of attributes), value: {result['map_plain']:.2f}}}]",
        ]
    return lines
