"""`python -m retrieval embed`, `python -m retrieval search` and `python -m retrieval similar`."""

import json
import re
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

import tyro

from catalog import Catalog, CatalogError, Columns, load_catalog, open_image
from common import environment
from common.names import find_name
from common.progress import ProgressBar
from model import ModelError
from retrieval.batches import LARGEST
from retrieval.commanding import Common, Names, embedder_of, filters_of
from retrieval.embedder import Embedder
from retrieval.engine import SearchEngine
from retrieval.errors import RetrievalError
from retrieval.export import export_table
from retrieval.opening import EngineOptions, default_attributes, open_engine, shipped_tables, spelled
from retrieval.query import Hit, ImageSource, ItemSource, Query, Source, Term, ValueSource, check_k, without_effect
from retrieval.ray_executor import RayExecutor, RayOptions
from retrieval.similar import Similar, similar
from retrieval.terms import WrittenTerm, written
from retrieval.wording import understand, vocabulary


@dataclass(frozen=True)
class Embed(Common):
    """Embed a catalog, so that searches need no network for its items."""

    attributes: Names = ()
    """Attributes to embed; default: those the catalog is labelled with and the weights know, or else all they know."""
    out: Path | None = None
    """Write them to this folder too, as a table to be shipped."""
    engine: Literal["local", "ray"] = "local"
    """Who embeds: local, this process; ray, workers of Ray on all cores of this machine, or on a cluster (`make scale`)."""
    ray_address: str | None = field(default_factory=environment.ray_address)
    """host:port of a Ray cluster of which this machine is a node; none: this machine alone."""
    ray_workers: int | None = None
    """Workers of Ray at most; default: as many as there is room for."""
    ray_cpus: int | None = None
    """CPUs of each worker; default: 4, or all of the smallest node."""
    ray_shared: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """The catalog lies under the same path on every node: workers read its pictures there, and none is sent."""

    def executor(self, embedder: Embedder) -> RayExecutor | None:
        """The engine that was asked for; None: this process."""
        if self.engine == "local":
            return None
        options = RayOptions(self.ray_address, self.ray_workers, self.ray_cpus, self.ray_shared, self.device)
        return RayExecutor(embedder, options)


@dataclass(frozen=True)
class Search(Common):
    """Rank a catalog by attributes of an image, of its items, or by their values."""

    attribute: Annotated[Names, tyro.conf.arg(metavar="NAME[=WEIGHT] ...")] = ()
    """Attributes to search by, each with a weight (default 1; below 0 for what is unlike)."""
    image: Path | None = None
    """Image file to search with."""
    item: str | None = None
    """Id of the catalog item to search with."""
    term: Annotated[Names, tyro.conf.arg(metavar="[-]ATTRIBUTE=VALUE[*WEIGHT]|[-]ATTRIBUTE@ITEM[*WEIGHT] ...")] = ()
    """Terms with sources of their own, beside or instead of the attributes above: a value, the id of an item, or an image
    file where no item has that id; '-' before one means not."""
    words: str = ""
    """Terms in words, English or Japanese, such as "long sleeves, not navy"; what is not understood is said."""
    k: Annotated[int, tyro.conf.arg(aliases=["-k"])] = 10
    """Number of hits."""
    beta: float | None = None
    """Share of the region view in what the general view leaves, 0 to 1; default: the weights' own."""
    gamma: float | None = None
    """Share of the general view, 0 to 1; default: the weights' own."""
    filter: Annotated[Names, tyro.conf.arg(metavar="COLUMN=VALUE ...")] = ()
    """Only items with this value; several values of one column are alternatives."""
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print JSON."""


def embed(options: Embed) -> None:
    catalog = load_catalog(options.catalog, options.home)
    embedder = embedder_of(options, catalog)
    catalog = catalog.respelled(embedder.attributes)
    names = spelled(chain(*options.attributes), embedder) or default_attributes(catalog, embedder)
    start = time.perf_counter()
    with options.executor(embedder) or nullcontext() as executor, ProgressBar("embedding", unit="items") as bar:
        how = EngineOptions(shipped_tables(options.catalog), executor=executor)
        engine = open_engine(catalog, embedder, options.home, names, bar, how)
        engine.prepare()
    there = names if options.out is not None else engine.attributes
    if options.out is not None:
        export_table(engine, options.out, names)
    seconds = time.perf_counter() - start
    for id, reason in engine.unreadable.items():
        print(f"left out {id}: {reason}", file=sys.stderr)
    print(f"{len(catalog)} items x {len(there)} attributes ({', '.join(there)})")
    print(
        f"{len(catalog) / seconds:.1f} items/s ({seconds:.1f} s)"
        if bar.moved
        else "nothing to embed: all is up to date"
    )


def search(options: Search) -> None:
    source = _source(options)
    asked = [_weighted(text) for text in chain(*options.attribute)]
    own = [WrittenTerm.read(text) for text in chain(*options.term)]
    weighed = [*asked, *((term.attribute, term.weight) for term in own)]
    if weighed:  # before an hour of embedding
        Query(tuple(Term(name, source, weight) for name, weight in weighed), options.beta, options.gamma)
    filters = filters_of(chain(*options.filter))
    check_k(options.k)
    catalog = load_catalog(options.catalog, options.home)
    if options.item is not None:
        catalog.item(options.item)
    embedder = embedder_of(options, catalog)
    catalog = catalog.respelled(embedder.attributes)
    names = spelled((name for name, _ in asked), embedder)
    if len(names) < len(asked):
        raise RetrievalError("an attribute is given twice; give each once with the weight that you want")
    terms = [Term(name, source, weight) for name, (_, weight) in zip(names, asked, strict=True)]
    terms += [_term(term, catalog, embedder) for term in own]
    by_words = _understood(options.words, catalog)
    terms += by_words
    texts = [*names, *chain(*options.term), *map(written, by_words)]
    query = Query(tuple(terms), options.beta, options.gamma)
    filters = Columns(catalog).resolve(filters)
    shipped = EngineOptions(shipped_tables(options.catalog))
    names = list(dict.fromkeys(term.attribute for term in terms))
    with ProgressBar("embedding", unit="items") as bar:
        engine = open_engine(catalog, embedder, options.home, names, bar, shipped)
    for name in names:
        for share in without_effect(embedder.derivation(name).mix, options.beta, options.gamma):
            print(f"'{name}' has no two views to share: --{share} is of no effect on it", file=sys.stderr)
    exclude = {term.source.id for term in terms if isinstance(term.source, ItemSource) and term.weight > 0}
    exclude |= {options.item} if options.item is not None else set()
    _print(engine, engine.search(query, options.k, filters, exclude), texts, options.json)
    engine.close()


def _source(options: Search) -> Source:
    """What `--attribute` is asked by; RetrievalError for too much or too little."""
    given = (options.image is not None) + (options.item is not None)
    if given > 1 or (not given and (options.attribute or not (options.term or options.words))):
        raise RetrievalError("give one of --image FILE and --item ID")
    if given and not options.attribute:
        raise RetrievalError("give at least one --attribute NAME[=WEIGHT]")
    if options.image is not None:
        return ImageSource(open_image(options.image, name=str(options.image), enough=LARGEST))
    return ItemSource(options.item or "")


def _term(written: WrittenTerm, catalog: Catalog, embedder: Embedder) -> Term:
    """A term with names as the weights, the catalog and its values spell them."""
    (name,) = spelled([written.attribute], embedder)
    if written.by_value:
        values = next((own.values for own in catalog.attributes if own.name == name), ())
        try:
            value = find_name(written.source, values) or written.source
        except ValueError as error:
            raise RetrievalError(f"the value {error}") from error
        return Term(name, ValueSource(value), written.weight)
    if any(item.id == written.source for item in catalog.items) or not Path(written.source).is_file():
        catalog.item(written.source)
        return Term(name, ItemSource(written.source), written.weight)
    image = open_image(Path(written.source), name=written.source, enough=LARGEST)
    return Term(name, ImageSource(image), written.weight)


def _understood(text: str, catalog: Catalog) -> list[Term]:
    """The terms that words ask for; what they leave open is said on standard error. RetrievalError where there is none."""
    if not text:
        return []
    found = understand(text, vocabulary(catalog.attributes))
    for one in found.unknown:
        offers = ", ".join(f"{offer.attribute}={offer.value}" for offer in one.suggestions)
        print(f"not understood: '{one.words}'{f' (try {offers})' if offers else ''}", file=sys.stderr)
    if not found.terms:
        raise RetrievalError(
            f"none of the words '{text}' names a value of this catalog; see `catalog check` for its values"
        )
    return [Term(one.attribute, ValueSource(one.value), one.signed) for one in found.terms]


def _print(engine: SearchEngine, hits: list[Hit], terms: list[str], as_json: bool) -> None:
    catalog: Catalog = engine.catalog
    if as_json:
        rows = [asdict(hit) | {"image": catalog.item(hit.id).image} for hit in hits]
        print(json.dumps({"terms": terms, "hits": rows}, indent=1, ensure_ascii=False))
        return
    for rank, hit in enumerate(hits, 1):
        shares = "  ".join(f"{term} {share:.4f}" for term, share in zip(terms, hit.term_shares, strict=True))
        print(f"{rank:>4}  {hit.score:.4f}  {hit.id}  ({shares})")


def _weighted(text: str) -> tuple[str, float]:
    name, equals, weight = text.rpartition("=")
    if not equals:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError as error:
        raise RetrievalError(f"--attribute {text}: the weight has to be a number") from error


def _negative_terms(arguments: list[str]) -> list[str]:
    """Command line arguments in which a term that begins with '-' is not taken for an option."""
    found, terms = list[str](), False
    for argument in arguments:
        if terms and (argument[:1] != "-" or re.match(r"-[^-].*[=@]", argument, re.DOTALL)):
            found.append(f"--term={argument}")
        elif argument == "--term":
            terms = True
        else:
            terms = argument.startswith("--term=")
            found.append(argument)
    return found


def main() -> None:
    arguments = _negative_terms(sys.argv[1:])
    about = "Embed catalogs, search them, and find what is similar in them."
    options = tyro.cli(Embed | Search | Similar, prog="python -m retrieval", description=about, args=arguments)
    try:
        if isinstance(options, Embed):
            embed(options)
        elif isinstance(options, Similar):
            similar(options)
        else:
            search(options)
    except (CatalogError, RetrievalError, ModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; what was embedded is kept", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
