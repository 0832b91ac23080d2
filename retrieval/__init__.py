"""From an embedded catalog to hits: embedder, store of vectors, indexes, queries, search engine.

These names are what other packages use; the modules behind them are private to this one.
"""

from retrieval.backend import Abilities, Backend, Index
from retrieval.batches import LARGEST, batches, centre_square
from retrieval.design_tables import agreement, groups_csv, pairs_csv
from retrieval.designs import (
    MOST_ATTRIBUTES,
    MOST_COMPARED,
    MOST_GROUPED,
    Across,
    DesignGroup,
    DesignPair,
    DesignQuery,
    Designs,
    DesignStep,
)
from retrieval.embedder import Embedder, Explanation
from retrieval.engine import AT_ONCE, Found, SearchEngine
from retrieval.errors import MissingAttributes, RetrievalError
from retrieval.export import export_table
from retrieval.fixed import TableHolding
from retrieval.footprint import Footprint, footprint
from retrieval.garment_map import garment_map
from retrieval.garments import Part, Proposing, foreground, overlap, parts_in, proposed, squared
from retrieval.index import Hnsw
from retrieval.interfaces import Embeds, Raw, columns_of, slices
from retrieval.items import ItemVectors
from retrieval.keeper import Progress, Stop
from retrieval.layout import Layout
from retrieval.likeness import lacks_level
from retrieval.looked import close_up, shown
from retrieval.milvus import Milvus, backend_of
from retrieval.opening import EngineOptions, default_attributes, open_engine, shipped_tables
from retrieval.prototypes import ValueScores
from retrieval.pruning import Usage, prune_store, size_below, store_usage
from retrieval.quantized import Quantized, stretch_of
from retrieval.query import (
    NOT_WEIGHT,
    Hit,
    ImageSource,
    ItemSource,
    Query,
    Source,
    Term,
    ValueSource,
    check_k,
    chosen_mix,
    without_effect,
)
from retrieval.ranking import Tuning, Way
from retrieval.resampled import mixtures, resampled
from retrieval.shelf import Rows, Shelf
from retrieval.table import EmbeddingTable, Manifest
from retrieval.taught import WEIGHTS, save_taught, taught_folders, with_taught
from retrieval.terms import WrittenTerm, written
from retrieval.typical import Typical
from retrieval.view import LABELLED, SAMPLED
from retrieval.why import WhyNot
from retrieval.wording import (
    Name,
    Suggestion,
    Understood,
    Unknown,
    ValueTerm,
    Vocabulary,
    understand,
    vocabulary,
)

__all__ = [
    "AT_ONCE",
    "LABELLED",
    "LARGEST",
    "MOST_ATTRIBUTES",
    "MOST_COMPARED",
    "MOST_GROUPED",
    "NOT_WEIGHT",
    "SAMPLED",
    "WEIGHTS",
    "Abilities",
    "Across",
    "Backend",
    "DesignGroup",
    "DesignPair",
    "DesignQuery",
    "DesignStep",
    "Designs",
    "Embedder",
    "EmbeddingTable",
    "Embeds",
    "EngineOptions",
    "Explanation",
    "Footprint",
    "Found",
    "Hit",
    "Hnsw",
    "ImageSource",
    "Index",
    "ItemSource",
    "ItemVectors",
    "Layout",
    "Manifest",
    "Milvus",
    "MissingAttributes",
    "Name",
    "Part",
    "Progress",
    "Proposing",
    "Quantized",
    "Query",
    "Raw",
    "RetrievalError",
    "Rows",
    "SearchEngine",
    "Shelf",
    "Source",
    "Stop",
    "Suggestion",
    "TableHolding",
    "Term",
    "Tuning",
    "Typical",
    "Understood",
    "Unknown",
    "Usage",
    "ValueScores",
    "ValueSource",
    "ValueTerm",
    "Vocabulary",
    "Way",
    "WhyNot",
    "WrittenTerm",
    "agreement",
    "backend_of",
    "batches",
    "centre_square",
    "check_k",
    "chosen_mix",
    "close_up",
    "columns_of",
    "default_attributes",
    "export_table",
    "footprint",
    "foreground",
    "garment_map",
    "groups_csv",
    "lacks_level",
    "mixtures",
    "open_engine",
    "overlap",
    "pairs_csv",
    "parts_in",
    "proposed",
    "prune_store",
    "resampled",
    "save_taught",
    "shipped_tables",
    "shown",
    "size_below",
    "slices",
    "squared",
    "store_usage",
    "stretch_of",
    "taught_folders",
    "understand",
    "vocabulary",
    "with_taught",
    "without_effect",
    "written",
]
