"""Catalogs from the Hugging Face Hub: the only place of this package that uses the network."""

import re
from pathlib import Path

from catalog.errors import CatalogError
from catalog.kinds import SUFFIXES

_NAME = re.compile(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", re.ASCII)
WANTED = [pattern for suffix in sorted(SUFFIXES) for pattern in (f"*{suffix}", f"*{suffix.upper()}")]


def is_repository(source: str) -> bool:
    """Whether a text has the form `owner/name[@revision]`."""
    return _NAME.fullmatch(source) is not None and not source.startswith((".", "/"))


def fetch(source: str, cache: Path) -> Path:
    """Folder of a Hub dataset `owner/name[@revision]`, downloaded into `cache`, or as it was when last downloaded.

    CatalogError when there is no such dataset or revision, when it is not public, and when the Hub cannot be reached
    and nothing of it lies in the cache.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    name, _, revision = source.partition("@")
    try:
        folder = snapshot_download(
            name,
            repo_type="dataset",
            revision=revision or None,
            cache_dir=cache,
            allow_patterns=["*.csv", "*.json", *WANTED],
        )
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
    return Path(folder)
