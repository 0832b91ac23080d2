"""What it takes to bring a catalog: the look, the first search, the whole import beside bare embedding, kills, label edits."""

import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, timed
from catalog import Catalog, load_catalog
from library import Library, Settings
from retrieval import Embedder, EngineOptions, ItemSource, Query, Term, open_engine

FIRST = 100
"""Items that can be searched at the first search."""


def bringing(folder: str, weights: str, device: str, kills: int, edits: int = 1000, seed: int = 0) -> list[Result]:
    """Import a folder's pictures from a zip into a new installation, with the bare speed of embedding on the same machine.

    kills: how often the import is killed at a random moment and started again; its vectors are then held against those of the
    import that nobody disturbed. 0: not at all.
    """
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        source = _packed(load_catalog(folder, home), home / "brought.zip")
        results, whole = _imported(
            source, Settings(home / "whole", str(_nothing(home)), weights=weights, device=device)
        )
        results.append(_bare(folder, whole, device, home))
        results.append(_edited(whole, edits, rng))
        if kills:
            results.append(_killed(source, whole, home / "killed", kills, rng))
        whole.close()
    return results


def _packed(catalog: Catalog, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(path for path in catalog.root.rglob("*") if path.is_file() and "taught" not in path.parts):
            archive.write(file, file.relative_to(catalog.root))
    return path


def _nothing(home: Path) -> Path:
    """A catalog of one picture, for an installation that has none of its own."""
    from PIL import Image

    (home / "one").mkdir()
    Image.new("RGB", (80, 100), (120, 90, 60)).save(home / "one" / "one.png")
    return home / "one"


def _imported(source: Path, settings: Settings) -> tuple[list[Result], Library]:
    library = Library(settings)
    library.begin()
    library.weights.load()
    began = time.perf_counter()
    looking = library.looks.begin(source)
    looking.finished.wait()
    looked = time.perf_counter() - began
    job = library.import_look(looking, "brought")
    library.jobs.start()
    done = library.jobs.wait(job.id)
    opened = library.opened(done.catalog)
    opened.wait()
    while int(opened.engine.readable.sum()) < min(FIRST, len(opened.catalog)):
        time.sleep(0.05)
    item = opened.readable[0]
    attribute = opened.engine.attributes[0]
    opened.engine.search(Query((Term(attribute, ItemSource(item.id)),)), 12)
    first = time.perf_counter() - began
    embed = library.going_on(done.catalog, "embed")
    if embed is not None:
        library.jobs.wait(embed.id)
    seconds = time.perf_counter() - began
    count = len(opened.catalog)
    found = [
        Result("look at a zip", 1, round(1000 * looked, 1), round(1000 * looked, 1), {"items": count}),
        Result(f"first search over {FIRST}, from the start", 1, round(1000 * first, 1), round(1000 * first, 1)),
        Result(
            "whole import",
            1,
            round(1000 * seconds, 1),
            round(1000 * seconds, 1),
            {"items_a_second": round(count / seconds, 2)},
        ),
    ]
    return found, library


def _bare(folder: str, library: Library, device: str, home: Path) -> Result:
    """Embedding of the same pictures alone: decoding and passes of the network, nothing kept but the vectors."""
    catalog = load_catalog(folder, home)
    embedder = Embedder(library.weights.embedder.model, device)
    opened = library.opened(_brought(library))
    began = time.perf_counter()
    engine = open_engine(catalog, embedder, home / "bare", opened.engine.attributes, None, EngineOptions())
    seconds = time.perf_counter() - began
    engine.close()
    return Result(
        "bare embedding",
        1,
        round(1000 * seconds, 1),
        round(1000 * seconds, 1),
        {"items_a_second": round(len(catalog) / seconds, 2)},
    )


def _edited(library: Library, edits: int, rng: random.Random) -> Result:
    id = _brought(library)
    catalog = library.ledger(id).catalog
    attribute = catalog.attributes[0]
    changes = [(rng.choice(catalog.items).id, rng.choice(attribute.values)) for _ in range(edits)]
    return timed(
        "label edit",
        [lambda item=item, value=value: library.label(id, item, attribute.name, value) for item, value in changes],
        items=len(catalog),
    )


def _killed(source: Path, whole: Library, home: Path, kills: int, rng: random.Random) -> Result:
    """Kills `python -m library import` at random moments; a job that was left goes on at the next start."""
    command = [sys.executable, "-m", "library", "import", str(source), "--home", str(home), "--name", "brought"]
    began = time.perf_counter()
    subprocess.run([*command, "--no-embed"], check=True, capture_output=True)
    killed = 0
    while killed < kills:
        process = subprocess.Popen(
            [sys.executable, "-c", _GO_ON, str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(rng.uniform(2, 10))  # a start takes some 4 s
            break  # all is embedded: there is nothing left to kill
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
    subprocess.run([sys.executable, "-c", _GO_ON, str(home)], check=True, capture_output=True)
    library = Library(Settings(home, device=whole.settings.device, weights=whole.settings.weights))
    left, right = (_vectors(one) for one in (whole, library))
    same = left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)
    furthest = max((float(np.abs(left[name].astype(np.float32) - right[name]).max()) for name in left), default=0.0)
    ids = [item.id for item in library.ledger(_brought(library)).catalog]
    library.close()
    took = 1000 * (time.perf_counter() - began)
    return Result(
        "import killed and started again",
        killed,
        round(took, 1),
        round(took, 1),
        {
            "same_vectors": int(same),
            "largest_difference": furthest,
            "items": len(ids),
            "twice": len(ids) - len(set(ids)),
        },
    )


_GO_ON = """
import sys
from pathlib import Path
from library import Library, Settings
if __name__ == "__main__":
    library = Library(Settings(Path(sys.argv[1])))
    entry = next(entry for entry in library.all() if entry.name == "brought")
    library.jobs.run_here(library.submit("embed", {}, entry.id).id)
    library.close()
"""


def _vectors(library: Library) -> dict[str, np.ndarray]:
    opened = library.opened(_brought(library))
    opened.wait()
    assert not opened.pending, f"{opened.pending} pictures are not embedded"
    return {name: np.array(opened.engine.vectors(name)) for name in opened.engine.attributes}


def _brought(library: Library) -> str:
    return next(entry.id for entry in library.all() if entry.name == "brought")
