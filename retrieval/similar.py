"""`python -m retrieval similar`: pairs and groups of a catalog that agree on attributes."""

import json
import sys
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

import tyro

from catalog import Catalog, Columns, load_catalog
from common.files import write_in_one_step
from common.progress import ProgressBar
from model import AT_LEAST, Level
from retrieval.commanding import Common, Names, embedder_of, filters_of
from retrieval.design_tables import agreement, groups_csv, pairs_csv
from retrieval.designs import Across, DesignQuery, Designs
from retrieval.engine import SearchEngine
from retrieval.errors import RetrievalError
from retrieval.opening import EngineOptions, open_engine, shipped_tables, spelled

PARTS = 1000
"""Steps of the progress bar."""
DOING = {"near": "what is near each item", "pairs": "all pairs"}
"""What a progress bar is shown for."""


@dataclass(frozen=True)
class Similar(Common):
    """Find pairs and groups of a catalog's items that agree on chosen attributes."""

    attribute: Annotated[Names, tyro.conf.arg(metavar="NAME[=SCORE] ...")] = ()
    """Attributes to agree on, up to 8; one without a match level with the least score that it is to have."""
    level: Literal["likely", "very likely"] = "likely"
    """How likely two items have to share each of the attributes."""
    differ: Names = ()
    """Attributes to differ on, as likely: the same cut in other colors."""
    across: Annotated[str, tyro.conf.arg(metavar="COLUMN=VALUE,VALUE")] = ""
    """Only pairs of an item with one value of a column and one with another, such as brand=A,B."""
    filter: Annotated[Names, tyro.conf.arg(metavar="COLUMN=VALUE ...")] = ()
    """Only items with this value; several values of one column are alternatives."""
    twins: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Take items with the very same picture one by one; otherwise one of them stands for all."""
    k: Annotated[int, tyro.conf.arg(aliases=["-k"])] = 10
    """How many pairs and groups to print."""
    pairs: Path | None = None
    """Write the pairs to this CSV file."""
    groups: Path | None = None
    """Write the groups to this CSV file."""
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print JSON."""


def similar(options: Similar) -> None:
    if options.k < 1:
        raise RetrievalError(f"-k is {options.k}; print at least 1 pair")
    if not options.attribute:
        raise RetrievalError("give at least one --attribute NAME[=SCORE]")
    asked = [_scored(text) for text in chain(*options.attribute)]
    filters, across = filters_of(chain(*options.filter)), _across(options.across)
    catalog = load_catalog(options.catalog, options.home)
    embedder = embedder_of(options, catalog)
    catalog = catalog.respelled(embedder.attributes)
    names = [spelled([name], embedder)[0] for name, _ in asked]
    scores = {name: least for name, (_, least) in zip(names, asked, strict=True) if least is not None}
    differ = tuple(spelled([name], embedder)[0] for name in chain(*options.differ))
    columns = Columns(catalog)
    if across is not None:
        ((column, (one, other)),) = columns.resolve({across.column: [across.one, across.other]}).items()
        across = Across(column, one, other)
    least = AT_LEAST[Level(options.level)]
    query = DesignQuery(tuple(names), least, scores, differ, across, columns.resolve(filters), options.twins)
    with ProgressBar("embedding", unit="items") as bar:
        shipped = EngineOptions(shipped_tables(options.catalog))
        engine = open_engine(catalog, embedder, options.home, [*names, *differ], bar, shipped)
    found = _found(engine, query)
    for path, made in ((options.pairs, pairs_csv), (options.groups, groups_csv)):
        if path is not None:
            _write(path, made(found, engine.catalog))
    _print(found, engine.catalog, options)
    engine.close()


def _found(engine: SearchEngine, query: DesignQuery) -> Designs:
    doing = ""
    bar = ProgressBar("")
    for step in engine.designs(query):
        if isinstance(step, Designs):
            bar.__exit__(None, None, None)
            return step
        if step.doing != doing:
            bar.__exit__(None, None, None)
            doing, bar = step.doing, ProgressBar(DOING.get(step.doing, ""), unit="parts")
        if doing in DOING:
            bar(round(PARTS * step.share), PARTS)
    raise AssertionError("the answer comes last")


def _print(found: Designs, catalog: Catalog, options: Similar) -> None:
    for name, chance in found.unreachable.items():
        print(f"no score of '{name}' is as much as {options.level} here; the best says {chance:.2f}", file=sys.stderr)
    if found.crowded:
        print("too many pairs agree to make groups; choose another attribute, too, or a higher level", file=sys.stderr)
    if not found.count and not found.unreachable:
        print("nothing agrees; choose fewer attributes or a lower level", file=sys.stderr)
    if options.json:
        pairs, groups = ([asdict(one) for one in ones[: options.k]] for ones in (found.pairs, found.groups))
        counts = {"items": found.items, "compared": found.compared, "count": found.count, "hidden": found.hidden}
        print(json.dumps({**counts, "pairs": pairs, "groups": groups}, indent=1, ensure_ascii=False))
        return
    print(f"{found.count:,} of {found.compared:,} pairs of {found.items:,} items; {len(found.groups):,} groups")
    for rank, pair in enumerate(found.pairs[: options.k], 1):
        shares = "  ".join(f"{name} {_shown(pair.chances.get(name), pair.scores[name])}" for name in pair.scores)
        mark = "  same picture" if pair.twin else ""
        agree = [agreement(catalog, name, (pair.one, pair.other)) for name in found.query.attributes]
        known = [one for one in agree if one is not None]
        labels = f"  labels agree {sum(known)}/{len(known)}" if known else ""
        print(f"{rank:>4}  {pair.chance:.3f}  {pair.one}  {pair.other}  ({shares}){labels}{mark}")
    for number, group in enumerate(found.groups[: options.k], 1):
        print(f"group {number}: {len(group.ids)} items: {' '.join(group.ids)}")


def _shown(chance: float | None, score: float) -> str:
    return f"score {score:.3f}" if chance is None else f"{chance:.2f}"


def _write(path: Path, text: str) -> None:
    try:
        write_in_one_step(path, text.encode("utf-8-sig"))
    except OSError as error:
        raise RetrievalError(f"cannot write {path}: {error}") from error


def _scored(text: str) -> tuple[str, float | None]:
    name, equals, least = text.rpartition("=")
    if not equals:
        return text, None
    try:
        return name, float(least)
    except ValueError as error:
        raise RetrievalError(f"--attribute {text}: the least score has to be a number") from error


def _across(text: str) -> Across | None:
    if not text:
        return None
    column, equals, values = text.partition("=")
    one, comma, other = values.partition(",")
    if not equals or not comma:
        raise RetrievalError(f"--across {text}: write COLUMN=VALUE,VALUE")
    return Across(column, one, other)
