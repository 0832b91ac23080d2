"""Catalogs from the Hugging Face Hub: the only place of this package that uses the network."""

import glob
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.folders import Fetched, PassedOver, is_table, name_fault
from catalog.kinds import claims_image
from catalog.layout import NOT_TABLES
from common.files import write_in_one_step

SHARD = ".tar"
MOST_BYTES = 20 * 2**30
MOST_BYTES_A_FILE = 512 * 2**20
FOREIGN = {
    "code": "py ipynb sh js ts c cpp h java r jl",
    "weights or arrays": "safetensors bin pt pth ckpt onnx gguf h5 hdf5 npy npz pkl pickle msgpack tflite pb joblib",
    "a video": "mp4 m4v mov avi mkv webm mpg mpeg wmv flv 3gp",
    "sound": "mp3 wav flac ogg m4a aac opus",
    "an archive": "zip tar tgz gz bz2 xz zst 7z rar",
    "a PDF": "pdf",
    "a raw photograph": "dng nef cr2 cr3 arw raf orf rw2 pef srw",
    "a Photoshop file": "psd psb",
    "an Arrow file": "arrow feather",
}
"""What is not downloaded, by suffix: of a file that is not here, no more is known. All other kinds
are.
"""
_KINDS = {f".{suffix}": kind for kind, suffixes in FOREIGN.items() for suffix in suffixes.split()}
_HIDDEN = (".*", "*/.*")
_NAME = re.compile(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", re.ASCII)


def is_repository(source: str) -> bool:
    """Whether a text has the form `owner/name[@revision]`."""
    return _NAME.fullmatch(source) is not None and not source.startswith((".", "/"))


def fetch(source: str, cache: Path) -> Fetched:
    """Folder of a Hub dataset `owner/name[@revision]`, downloaded into `cache`, or as it was when
    last downloaded.

    Everything is downloaded but hidden files, the kinds of `FOREIGN` (tar files are, where there are
    neither images nor tables: WebDataset), and files of more than 512 MB that are no table.
    CatalogError when there is no such dataset or revision, when it is not public or more than 20 GB
    are wanted of it, and when the Hub cannot be reached and nothing of the dataset lies in the cache.
    """
    from huggingface_hub import snapshot_download

    name, _, revision = source.partition("@")
    with _told(source, name, revision):
        passed = _left_out(name, revision or None, cache)
        folder = snapshot_download(
            name,
            repo_type="dataset",
            revision=revision or None,
            cache_dir=cache,
            ignore_patterns=[*_HIDDEN, *(glob.escape(file.name) for file in passed)],
        )
    return Fetched(Path(folder), passed)


def _left_out(name: str, revision: str | None, cache: Path) -> tuple[PassedOver, ...]:
    """The files of a dataset that are not downloaded; kept in the cache for when the Hub cannot be
    reached.
    """
    from huggingface_hub import HfApi

    kept = cache / f"left-out-{name.replace('/', '--')}-{(revision or 'main').replace('/', '--')}.json"
    try:
        files = HfApi().dataset_info(name, revision=revision, files_metadata=True).siblings or []
    except Exception:  # downloading meets the same fault, and tells it, or has the dataset already
        with suppress(OSError, ValueError, TypeError):
            return tuple(PassedOver(*entry) for entry in json.loads(kept.read_text("utf-8")))
        return ()
    sizes = {file.rfilename: file.size or 0 for file in files if not _is_hidden(file.rfilename)}
    shards = not any(claims_image(file) or (is_table(file) and file not in NOT_TABLES) for file in sizes)
    passed = tuple(
        PassedOver(file, what)
        for file, size in sizes.items()
        if not (shards and file.lower().endswith(SHARD)) and (what := _why_left_out(file, size))
    )
    wanted = sum(sizes.values()) - sum(sizes[file.name] for file in passed)
    if wanted > MOST_BYTES:
        raise CatalogError(
            f"the Hub dataset '{name}' has {wanted / 2**30:.0f} GB of images and tables, at most "
            f"{MOST_BYTES >> 30} GB are downloaded; take a part of it, as a folder or a dataset of your own"
        )
    cache.mkdir(parents=True, exist_ok=True)
    write_in_one_step(kept, json.dumps([astuple(file) for file in passed]))
    return passed


def _is_hidden(file: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(file).parts)


def _why_left_out(file: str, size: int) -> str | None:
    path = PurePosixPath(file)
    if fault := name_fault(path.name):
        return fault
    if size > MOST_BYTES_A_FILE and not is_table(path.name):
        return f"larger than {MOST_BYTES_A_FILE >> 20} MB"
    return _KINDS.get(path.suffix.lower())


@contextmanager
def _told(source: str, name: str, revision: str) -> Iterator[None]:
    """What the client raises, as one line that says what to do."""
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        yield
    except CatalogError:
        raise
    except HFValidationError as error:
        raise CatalogError(f"'{source}' is no name of a Hub dataset; write owner/name[@revision]") from error
    except GatedRepoError as error:
        raise CatalogError(
            f"the Hub dataset '{name}' asks for consent; accept its terms and log in with `hf auth login`"
        ) from error
    except RevisionNotFoundError as error:
        raise CatalogError(f"the Hub dataset '{name}' has no revision '{revision}'; check it on the Hub") from error
    except RepositoryNotFoundError as error:
        raise CatalogError(
            f"there is no folder '{source}', and no public Hub dataset of this name; check it"
        ) from error
    except Exception as error:  # no network, offline mode, a proxy in between: each raises its own kind
        raise CatalogError(
            f"there is no folder '{source}', and the Hub cannot be reached for a dataset of this name "
            f"({type(error).__name__}); check the path or the network"
        ) from error
