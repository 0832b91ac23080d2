"""Weights: `python -m model info`, `push` them to the Hub, `convert` a checkpoint of the released implementation."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tyro

from model.card import trunks
from model.errors import ModelError, WeightsError
from model.hub import load, push, save
from model.official import read_checkpoint


@dataclass
class Info:
    """What weights know and how large they are."""

    weights: tyro.conf.Positional[str]
    """Folder or Hub repository owner/name[@revision]."""
    json: bool = False

    def run(self) -> None:
        network = load(self.weights)
        known = asdict(network.config)
        facts = {"digest": network.digest, "parameters": sum(p.numel() for p in network.parameters()), **known}
        if self.json:
            print(json.dumps(facts))
            return
        print(f"{facts['parameters']:,} parameters, {trunks(network.config)}, D {known['dim']}")
        for name, values in network.config.attributes.items():
            shares = ", ".join(f"{view} {share:.2g}" for view, share in network.config.mix_of(name).items())
            print(f"{name} ({shares}): {', '.join(values)}")


@dataclass
class Push:
    """Upload a weights folder to the Hugging Face Hub; log in first with `hf auth login`."""

    folder: tyro.conf.Positional[Path]
    repository: tyro.conf.Positional[str]
    """owner/name, made when absent."""
    private: bool = False

    def run(self) -> None:
        print(push(self.folder, self.repository, self.private))


@dataclass
class Convert:
    """Read a checkpoint of the released RPF implementation and write a weights folder."""

    checkpoint: tyro.conf.Positional[Path]
    attributes: Path
    """JSON file: attribute name to its values, in the order of the checkpoint's rows."""
    out: Path
    heads: int = 12
    """Heads of the cross-attention."""
    vit_heads: int = 12
    """Heads of the ViT."""

    def run(self) -> None:
        try:
            attributes = json.loads(self.attributes.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WeightsError(f"{self.attributes} is not a JSON file of attributes and values: {error}") from error
        save(read_checkpoint(self.checkpoint, attributes, self.heads, self.vit_heads), self.out)
        print(self.out)


def main() -> None:
    commands: dict[str, Callable[..., Any]] = {"info": Info, "push": Push, "convert": Convert}
    try:
        tyro.extras.subcommand_cli_from_dict(commands, prog="python -m model", description=__doc__).run()
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
