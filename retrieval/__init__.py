"""From an embedded catalog to hits: embedder, embedding table, indexes, queries, search engine."""

from retrieval.build import Progress, build_table
from retrieval.embedder import Embedder, Explanation
from retrieval.engine import SearchEngine, Tuning
from retrieval.errors import MissingAttributes, RetrievalError
from retrieval.interfaces import Embeds
from retrieval.opening import EngineOptions, default_attributes, open_engine, shipped_tables
from retrieval.query import Hit, ImageSource, ItemSource, Query, Term, ValueSource
from retrieval.table import EmbeddingTable

__all__ = [
    "Embedder",
    "EmbeddingTable",
    "Embeds",
    "EngineOptions",
    "Explanation",
    "Hit",
    "ImageSource",
    "ItemSource",
    "MissingAttributes",
    "Progress",
    "Query",
    "RetrievalError",
    "SearchEngine",
    "Term",
    "Tuning",
    "ValueSource",
    "build_table",
    "default_attributes",
    "open_engine",
    "shipped_tables",
]
