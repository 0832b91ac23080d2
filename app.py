"""Lapel in the browser: `python app.py`. Hugging Face Spaces starts it too."""

import logging
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from common import environment

if TYPE_CHECKING:
    from library import Library


@dataclass
class Options:
    """Search a fashion catalog by one attribute at a time, in the browser."""

    host: str = field(default_factory=environment.host)
    """Address to listen on."""
    port: int = field(default_factory=environment.port)
    """Port to listen on."""
    weights: str | None = field(default_factory=environment.asked_weights)
    """Folder or Hub repository owner/name[@revision] (LAPEL_WEIGHTS); the embedded weights when not given."""
    catalog: str | None = field(default_factory=environment.catalog)
    """Folder, zip or Hub dataset (LAPEL_CATALOG); the drawn demo when not given."""
    home: Path = field(default_factory=environment.home)
    """Folder for caches and imported catalogs (LAPEL_HOME)."""
    mend: Annotated[bool, tyro.conf.FlagCreatePairsOff] = field(default_factory=environment.mend)
    """Put the catalog's labels right as it is opened: spellings, markers for none, several in a cell (LAPEL_MEND)."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu (LAPEL_DEVICE)."""
    milvus: str = field(default_factory=environment.milvus)
    """Where indexes are kept: a file that ends in .db, or http(s)://host:port of a Milvus (LAPEL_MILVUS); default: in this process."""
    embed_on_request: bool = field(default_factory=environment.embed_on_request)
    """Whether a program's search may have the catalog embedded for an attribute (LAPEL_EMBED_ON_REQUEST)."""
    usage_log: Annotated[bool, tyro.conf.FlagCreatePairsOff] = field(default_factory=environment.usage_log)
    """Write down kinds of searches, clicks and times to the hit that was taken, without pictures or visitors (LAPEL_USAGE_LOG)."""
    lang: Annotated[Literal["en", "ja"] | None, tyro.conf.arg(help_behavior_hint="(default: the browser's)")] = None
    """Language of the page, unless the address says ?lang=."""


def main(options: Options) -> int:
    """Serve until interrupted; 1 when the catalog cannot be read or the port cannot be had."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve shared cores
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")  # else each call is slower than the one before it
    os.environ.setdefault("GRADIO_TEMP_DIR", str(options.home.resolve() / "uploads"))
    from catalog import CatalogError
    from library import Library, Settings
    from retrieval import RetrievalError, backend_of

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    library = Library(
        Settings(
            options.home.resolve(),
            options.catalog,
            options.mend,
            options.weights or None,
            options.device,
            options.lang,
            embed_on_request=options.embed_on_request,
            public=environment.public(),
            usage_log=options.usage_log,
            warm=True,
            milvus=options.milvus,
        )
    )
    try:
        backend_of(options.milvus)  # says at once what is no address
        opened_with = library.begin()
    except (CatalogError, RetrievalError) as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 1
    for note in opened_with.notes:
        print(f"note: {note.text}", file=sys.stderr)
    return serve(library, options)


def serve(library: "Library", options: Options) -> int:
    """Serve a library until interrupted; weights are loaded while the page comes up."""
    from ui import build_page, launch_options

    page = build_page(library)
    try:
        page.launch(
            server_name=options.host,
            server_port=options.port,
            prevent_thread_lock=True,
            **launch_options(page, library),
        )
    except OSError as error:
        print(f"app.py: cannot listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    library.start()  # only now: to end while a thread loads weights would be an abort
    print(f"Lapel is at http://{options.host}:{options.port} (stop it with Ctrl+C)", file=sys.stderr)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Options)))
