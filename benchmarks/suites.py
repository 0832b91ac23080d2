"""The suites: what each measures, what it needs, and what was to be reached.

A suite is one line of `SUITES`. Its function is given a `Bench` and gives lines; whatever else it imports, it imports itself.
"""

from dataclasses import replace

import torch

from benchmarks.aims import Aim, Suite
from benchmarks.bench import Bench
from benchmarks.bringing import bringing
from benchmarks.changes import changes
from benchmarks.clients import by_rest, in_process
from benchmarks.curves import graphs, sizes
from benchmarks.designs import similar_designs
from benchmarks.embed import embedding
from benchmarks.garments import proposing
from benchmarks.index import growth
from benchmarks.measure import Result, referred
from benchmarks.negatives import negatives
from benchmarks.passes import passes
from benchmarks.promise import promises
from benchmarks.search import by_picture, first_answer
from benchmarks.serve import serving
from model import CONFIGS, RPF, ModelError
from retrieval import open_engine

UNTRAINED = 0.9
"""Threshold of attention drawn by lot."""


def _clients(bench: Bench) -> list[Result]:
    with bench.folder() as home:
        return in_process(bench.engine, bench.attributes, bench.options.items, bench.options.clients, home)


def _rest(bench: Bench) -> list[Result]:
    return by_rest(bench.engine, bench.flags, bench.options.clients)


def _search(bench: Bench) -> list[Result]:
    options, engine = bench.options, bench.engine
    first = (engine.table.ids[0], bench.attributes[0], options.home, options.device)
    return [*by_picture(engine, options.repeat), first_answer(options.catalog, options.weights, *first)]


def _embed(bench: Bench) -> list[Result]:
    options = bench.options
    return embedding(bench.catalog, bench.model, options.device, bench.attributes, options.embed_items, options.batches)


def _passes(bench: Bench) -> list[Result]:
    options, model = bench.options, bench.model
    network = _untrained(options.untrained, model) if options.untrained else model
    names = [*bench.attributes, *(name for name in model.config.attributes if name not in bench.attributes)]
    results = []
    for count in options.counts:
        results += passes(bench.catalog, network, options.device, names[: count or None], options.passes)
    return results


def _curves(bench: Bench) -> list[Result]:
    options = bench.options
    with bench.folder() as home:
        found = sizes(bench.engine, bench.attributes, options.sizes, options.repeat, home)
        scanned = referred(referred(found, ", index", ", scan"), ", sketches", ", scan")
        return [*scanned, *graphs(bench.engine, bench.attributes[0], options.items, options.repeat, home)]


def _index(bench: Bench) -> list[Result]:
    options = bench.options
    with bench.folder() as home:
        return referred(growth(options.items, options.dim, options.repeat, home), ", after", ", built afresh")


def _visitors(bench: Bench) -> list[Result]:
    from benchmarks.visitors import concurrent_pictures

    images = [bench.catalog.open(item) for item in bench.catalog.items[:32]]
    return concurrent_pictures(bench.embedder, images, bench.attributes)


def _start(bench: Bench) -> list[Result]:
    from benchmarks.start import first_search

    return first_search(3, bench.flags)


def _evaluation(bench: Bench) -> list[Result]:
    from benchmarks.evaluation import evaluation

    return evaluation(bench.engine, bench.embedder)


def _training(bench: Bench) -> list[Result]:
    from benchmarks.training import training_step

    return training_step(bench.catalog, bench.options.device)


def _million(bench: Bench) -> list[Result]:
    from benchmarks.million import ATTRIBUTES, million

    options, own = bench.options, bench.attributes[:ATTRIBUTES]
    with bench.folder() as home:
        folder = options.million or home
        return million(
            bench.engine, options.weights, own, options.million_items, options.repeat, options.scanned, folder
        )


def _vectors(bench: Bench) -> list[Result]:
    from benchmarks.vectors import smaller_vectors

    return smaller_vectors(bench.options.data, bench.embedder, bench.options.home)


def _milvus(bench: Bench) -> list[Result]:
    from benchmarks.milvus import milvus_index

    with bench.folder() as home:
        return milvus_index(bench.options.items // 5, 708, bench.options.repeat, home)


def _changes(bench: Bench) -> list[Result]:
    with bench.folder() as home:
        return changes(bench.options.items, bench.options.dim, home)


def _serve(bench: Bench) -> list[Result]:
    return serving(bench.flags, bench.options.serve)


def _bring(bench: Bench) -> list[Result]:
    options = bench.options
    return bringing(options.catalog, options.weights, options.device, options.kills)


def _promise(bench: Bench) -> list[Result]:
    options = bench.options
    return promises(options.catalog, bench.catalog, bench.embedder, options.home, options.promise)


def _negatives(bench: Bench) -> list[Result]:
    options = bench.options
    return negatives(options.catalog, bench.catalog, bench.embedder, options.home, options.negatives)


def _designs(bench: Bench) -> list[Result]:
    valid = bench.catalog.split("valid")
    return similar_designs(open_engine(valid, bench.embedder, bench.options.home, bench.attributes))


def _garments(bench: Bench) -> list[Result]:
    return proposing(bench.embedder, bench.options.home, bench.options.garments)


def _untrained(config: str, model: RPF) -> RPF:
    """A network of a configuration, drawn by lot, that knows the attributes of another. Its attention hardly differs from place
    to place; at this threshold its crops are as many and as small as those of the embedded weights at that of the paper."""
    if config not in CONFIGS:
        raise ModelError(f"no configuration '{config}'; there are: {', '.join(CONFIGS)}")
    torch.manual_seed(0)
    return RPF(replace(CONFIGS[config](model.config.attributes), threshold=UNTRAINED))


_RESAMPLED = "on items resampled from those of the catalog (two real ones mixed, and noise)"

SUITES = (
    Suite(
        "search",
        "Searches by a picture that is new, held against embedding it alone, and a fresh process up to its first answer.",
        _search,
    ),
    Suite(
        "clients",
        f"Searches by 1, 8 and 32 clients at once, threads of one process, {_RESAMPLED}; held against one client and the "
        "exact scan.",
        _clients,
        aims=(
            Aim("hits of the scan that are found", "*", "recall@10", least=0.99),
            Aim("one term, one client, ms", "1 term, 1 at once", "p50_ms", most=5),
            Aim("three terms of three items, one client, ms", "3 terms of 3 items, 1 at once", "p50_ms", most=25),
            Aim("narrowed down, one client, ms", "* among *, 1 at once", "p50_ms", most=10),
        ),
    ),
    Suite(
        "rest",
        "Searches by 1, 8 and 32 programs at once that ask the running app by REST on the loopback, on the catalog as it is; "
        "held against one client inside a process.",
        _rest,
    ),
    Suite(
        "curves",
        f"From which size on which way of searching pays, {_RESAMPLED}, held against the exact scan; and what an index costs "
        "and finds by its parameters.",
        _curves,
    ),
    Suite(
        "million",
        f"A catalog of a million items and eight attributes, {_RESAMPLED}: built, saved, loaded by a fresh process and searched "
        "there, held against the exact scan.",
        _million,
        "25 GB of disk, half an hour",
        usual=False,
        aims=(
            Aim("one term of a million items, ms", "1 term", "p50_ms", most=5),
            Aim("three terms of three items, ms", "3 terms of 3 items", "p50_ms", most=25),
            Aim("half of the items, ms", "1 term, half of the items", "p50_ms", most=10),
            Aim("5 % of the items, ms", "1 term, 5 % of the items", "p50_ms", most=10),
            Aim("0.5 % of the items, ms", "1 term, 0.5 % of the items", "p50_ms", most=10),
            Aim("hits of the scan that are found", "*, scan", "recall@10", least=0.99),
            Aim("memory, with files that are mapped, MB", "memory after *", "most of both MB", most=20_000),
            Aim("load, ms", "load *", "p50_ms", most=60_000),
        ),
    ),
    Suite("vectors", "What smaller vectors cost in MAP, and in true hits.", _vectors, "labels", usual=False),
    Suite("milvus", "Indexes in a milvus-lite, held against the scan.", _milvus, "make scale", usual=False),
    Suite(
        "embed",
        "Embedding for eight attributes, held against the bare passes of the network that it makes and against RPF as it is "
        "written down: one float32 pass for each pair of picture and attribute.",
        _embed,
        aims=(
            Aim("from files, share of the bare passes", "files*", "of bare passes", least=0.9),
            Aim("from files, times the straightforward pipeline", "files*", "times straightforward", least=4),
        ),
    ),
    Suite(
        "visitors",
        "Pictures of 1, 8 and 32 visitors who wait at once, each for itself and together.",
        _visitors,
        usual=False,
    ),
    Suite(
        "start",
        "A fresh process of the app until its first search by item is answered, held against `import torch, gradio`.",
        _start,
        aims=(Aim("start to the first answered search, ms", "*REST*", "p50_ms", most=8000),),
    ),
    Suite(
        "evaluation",
        "An evaluation of the catalog on all its labels, vectors there before, held against the bare products of its vectors.",
        _evaluation,
        "labels",
    ),
    Suite(
        "training",
        "A step of training, held against the bare passes of its trunks forward and back.",
        _training,
        "labels, a train split",
        usual=False,
    ),
    Suite(
        "passes",
        "Embedding from files and from memory, held against the bare passes of the network that it makes.",
        _passes,
        usual=False,
        aims=(Aim("paper's configuration from files, of bare passes", "files*", "of bare bfloat16", 0.6, of="paper"),),
    ),
    Suite("index", "The index on made-up vectors as items come and go.", _index),
    Suite("changes", "What a change of a catalog of made-up items costs: a label, an item more, a restart.", _changes),
    Suite("serve", "The running app: REST and Gradio's queue, one client after another and at 60 % of capacity.", _serve),
    Suite(
        "bring", "Bringing a catalog from a zip, held against bare embedding; with `--kills`, killed again and again.",
        _bring, usual=False,
    ),
    Suite("promise", "Whether the labels that the PoC sheet promises are enough.", _promise, "labels", usual=False),
    Suite("negatives", "Queries in which something is not wanted.", _negatives, "labels", usual=False),
    Suite("designs", "Whether similar designs agree in their labels.", _designs, "labels, a valid split", usual=False),
    Suite(
        "garments", "Whether proposed boxes hold garments, and what asking by them costs.",
        _garments, "photographs with masks", usual=False,
    ),
)  # fmt: skip


def suite(name: str) -> Suite:
    """ValueError for one that is not there."""
    for one in SUITES:
        if one.name == name:
            return one
    raise ValueError(f"no suite '{name}'; there are: {', '.join(one.name for one in SUITES)}")
