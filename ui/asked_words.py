"""A search in words, as a title of what is taken along of it."""

from catalog import Catalog
from ui.asked import Asked
from ui.names import attribute_name, value_name, values_of
from ui.term_names import weighed_term
from ui.words import word

MOST_VALUES = 6
"""Values of a filter that are named."""


def in_words(asked: Asked, catalog: Catalog, lang: str) -> str:
    """What was asked: its terms in their order, then its filters; '' where nothing was."""
    comma = "、" if lang == "ja" else ", "
    said = [weighed_term(catalog, term, lang) for term in asked.terms if term.weight]
    filters = [_filter(name, list(values), catalog, lang) for name, values in asked.filters.items() if values]
    if filters:
        said.append(word("said_filters", lang, filters=comma.join(filters)))
    return comma.join(said)


def _filter(name: str, values: list[str], catalog: Catalog, lang: str) -> str:
    if name == "id" and name not in catalog.columns:
        return word("facet_ids_count", lang, count=len(values))
    among = values_of(catalog, name)
    shown = [value_name(value, lang, among) or word("facet_blank", lang) for value in values[:MOST_VALUES]]
    more = ["…"] if len(values) > MOST_VALUES else []
    column, colon = attribute_name(name, lang, catalog.columns), "：" if lang == "ja" else ": "
    return f"{column}{colon}{' / '.join([*shown, *more])}"
