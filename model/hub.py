"""Weights from and to the Hugging Face Hub, or a folder: `config.json`, `model.safetensors`, model card; pretrained trunks."""

import contextlib
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import timm
import torch
from huggingface_hub import HfApi, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from safetensors import SafetensorError
from safetensors.torch import save_file

from common.files import replacing, write_in_one_step
from model.card import card
from model.config import Config
from model.errors import WeightsError
from model.rpf import RPF
from model.undrawn import Undrawn

_FILES = ("config.json", "model.safetensors")
RECORD = "training.json"


def load(source: str | Path, device: str | torch.device = "cpu") -> RPF:
    """A network in evaluation mode, float32, from a folder or from `owner/name[@revision]` on the
    Hub.

    WeightsError when the folder or repository is missing, unreachable, incomplete or does not hold
    an RPF.
    """
    folder = Path(source)
    if not folder.is_dir():
        folder = _fetch(str(source))
    for name in _FILES:
        if not (folder / name).is_file():
            raise WeightsError(
                f"{source} holds no {name}; give a folder or repository written by `python -m training fit`"
            )
    try:
        stored = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        adapted = stored.pop("adapted", None)  # of weights of earlier versions, mostly empty
        Config(**stored)
    except (TypeError, ValueError) as error:
        raise WeightsError(f"config.json of {source} does not describe an RPF network: {error}") from error
    if adapted:
        raise WeightsError(f"{source} has branches of its own for {', '.join(adapted)}; teach these attributes instead")
    try:
        with Undrawn(), contextlib.redirect_stdout(sys.stderr):  # huggingface_hub prints where it loads from
            network = RPF.from_pretrained(folder, map_location="cpu", strict=True)
    except (SafetensorError, RuntimeError, OSError) as error:
        raise WeightsError(f"model.safetensors of {source} is damaged or does not fit: {_line(error)}") from error
    return network.float().eval().to(device)


def save(network: RPF, folder: str | Path, record: dict[str, object] | None = None) -> None:
    """Write float16 weights, configuration, model card and, when given, the training record to a
    folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().cpu().half().contiguous() for name, value in network.state_dict().items()}
    with replacing(folder / "model.safetensors") as new:
        save_file(weights, new, metadata={"format": "pt"})
    if record is not None:
        write_in_one_step(folder / "training.json", json.dumps(record, indent=2) + "\n")
    write_in_one_step(folder / "README.md", card(network.config, record))
    write_in_one_step(folder / "config.json", json.dumps(asdict(network.config), indent=2) + "\n")


def push(folder: str | Path, repository: str, private: bool = False, token: str | None = None) -> str:
    """Upload a weights folder to `owner/name`, made when absent; returns the commit's address."""
    load(folder)
    try:
        api = HfApi(token=token)
        api.create_repo(repository, private=private, exist_ok=True)
        with tempfile.TemporaryDirectory() as staged:
            for file in sorted(Path(folder).iterdir()):
                if file.name in (*_FILES, "README.md", RECORD):
                    shutil.copy(file, staged)
            return str(api.upload_folder(repo_id=repository, folder_path=staged, commit_message="Upload RPF weights"))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise WeightsError(
            f"cannot push to {repository}: {_line(error)}; check the name and `hf auth login`"
        ) from error


def load_record(source: str | Path) -> dict[str, Any]:
    """The training record that lies beside weights, from where `load` takes them; empty where
    there is none."""
    folder = Path(source)
    try:
        file = (folder if folder.is_dir() else _fetch(str(source))) / RECORD
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def download_trunk(name: str, **options: Any) -> Any:
    """`timm.create_model(name, pretrained=True, **options)`: downloaded once, then from the Hub's
    local cache.

    WeightsError when timm has no weights of that name, they do not fit the options, or the Hub
    cannot be reached.
    """
    if not timm.is_model_pretrained(name):
        raise WeightsError(f"timm has no pretrained weights of '{name}'; give a folder that holds them with --init")
    try:
        repository = timm.get_pretrained_cfg(name).hf_hub_id
        if repository and not _cached(repository):
            HfApi().model_info(repository, timeout=10)  # a download tries for a minute where there is no network
        with contextlib.redirect_stdout(sys.stderr):
            return timm.create_model(name, pretrained=True, **options)
    except Exception as error:  # no network, offline mode, a full disk, other shapes: each raises its own kind
        raise WeightsError(
            f"timm's pretrained {name} cannot be loaded from the Hub ({_line(error)}); check the network, or give a folder "
            "that holds it with --init"
        ) from error


def _cached(repository: str) -> bool:
    """Whether a weights file of a repository lies in the Hub's local cache."""
    files = ("model.safetensors", "pytorch_model.bin")
    return any(isinstance(try_to_load_from_cache(repository, file), str) for file in files)


def _fetch(source: str) -> Path:
    repository, _, revision = source.partition("@")
    if repository.count("/") != 1 or repository.startswith((".", "/", "~")):
        raise WeightsError(f"no weights at {source}: no such folder, and not a repository name `owner/name[@revision]`")
    wanted = [*_FILES, "*.md", "*.json"]
    try:
        # asked first, since a download tries for minutes where there is no network, and this fails at once
        HfApi().model_info(repository, revision=revision or None, timeout=10)
        return Path(snapshot_download(repository, revision=revision or None, allow_patterns=wanted))
    except HFValidationError as error:
        raise WeightsError(f"'{source}' is not a repository name; write owner/name or owner/name@revision") from error
    except HfHubHTTPError as error:
        raise WeightsError(
            f"cannot load {source} from the Hub: {_line(error)}; check name, revision, access"
        ) from error
    except Exception as error:  # no network, offline mode, a proxy in between: each raises its own kind
        try:
            return Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
        except (LocalEntryNotFoundError, OSError, ValueError):
            raise WeightsError(
                f"the Hub cannot be reached for {source} ({type(error).__name__}), and it is not in the local cache; "
                "check the network"
            ) from error


def _line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
