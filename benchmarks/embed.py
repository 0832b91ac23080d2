"""Items embedded a second, by precision and batch size."""

import time

from benchmarks.measure import Result
from catalog import Catalog
from model import RPF
from retrieval import Embedder


def embedding(
    catalog: Catalog, model: RPF, device: str, attributes: list[str], items: int, batches: tuple[int, ...]
) -> list[Result]:
    """Embed the first `items` of a catalog for `attributes`, once for each precision and batch size."""
    images = [catalog.open(item) for item in catalog.items[:items]]
    results = []
    precisions = dict.fromkeys(("float32", Embedder(model, device).precision))
    for precision in precisions:
        for batch in batches:
            embedder = Embedder(model, device, batch, precision)
            embedder.vectors(images[:batch], attributes)
            start = time.perf_counter()
            embedder.vectors(images, attributes)
            seconds = time.perf_counter() - start
            each = round(1000 * seconds / len(images), 2)
            name = f"embed for {len(attributes)} attributes, {embedder.precision}, batches of {batch}"
            results.append(Result(name, len(images), each, each, {"items/s": round(len(images) / seconds, 2)}))
    return results
