"""A search in words, as a title of what is taken along of it."""

from catalog import Catalog
from ui.asked import Asked, AskedTerm
from ui.names import attribute_name, value_name, values_of
from ui.words import word

MOST_VALUES = 6
"""Values of a filter that are named."""


def in_words(asked: Asked, catalog: Catalog, lang: str) -> str:
    """What was asked: its terms in their order, then its filters; '' where nothing was."""
    comma = "、" if lang == "ja" else ", "
    said = [_term(term, catalog, lang) for term in asked.terms if term.weight]
    filters = [_filter(name, list(values), catalog, lang) for name, values in asked.filters.items() if values]
    if filters:
        said.append(word("said_filters", lang, filters=comma.join(filters)))
    return comma.join(said)


def _term(term: AskedTerm, catalog: Catalog, lang: str) -> str:
    name = attribute_name(term.attribute, lang)
    if isinstance(term.source, str):
        value = value_name(term.source, lang, values_of(catalog, term.attribute))
        said = word("said_value", lang, name=name, value=value)
    elif term.item is not None:
        said = word("said_like", lang, name=name, item=term.item)
    else:
        said = word("said_picture", lang, name=name)
    if term.weight < 0:
        said = word("said_not", lang, term=said)
    return said if abs(term.weight) == 1 else f"{said} × {abs(term.weight):g}"


def _filter(name: str, values: list[str], catalog: Catalog, lang: str) -> str:
    if name == "id" and name not in catalog.columns:
        return word("facet_ids_count", lang, count=len(values))
    among = values_of(catalog, name)
    shown = [value_name(value, lang, among) or word("facet_blank", lang) for value in values[:MOST_VALUES]]
    more = ["…"] if len(values) > MOST_VALUES else []
    column = attribute_name(name, lang, catalog.columns)
    return word("said_value", lang, name=column, value=" / ".join([*shown, *more]))
