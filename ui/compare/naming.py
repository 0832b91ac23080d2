"""What queries, terms and ways are called on the page."""

from catalog import Catalog
from ui.asked import Asked, AskedTerm, Picture
from ui.compare.ways import WEIGHTS, WITHOUT, Way
from ui.names import attribute_name, value_name
from ui.term_names import weighed_term
from ui.words import word


def term_text(term: AskedTerm, asked: Asked, catalog: Catalog, lang: str) -> str:
    """A term of a query in words: "collar: like the picture", for the one that is shown, "color: not navy × 0.5"."""
    shown = term.weight > 0 and isinstance(term.source, Picture) and term.source == asked.picture
    if shown and term.weight == 1:
        return word("versus_like", lang, name=attribute_name(term.attribute, lang))
    return weighed_term(catalog, term, lang)


def way_text(way: Way, asked: Asked, catalog: Catalog, lang: str) -> str:
    """What a way is called for a query."""
    if way.kind == WITHOUT:
        term = term_text(asked.terms[int(way.of) - 1], asked, catalog, lang)
        return word("way_without", lang, term=term)
    if way.kind == WEIGHTS:
        return word("way_weights", lang, name=way.of or word("embedded_weights", lang))
    return word(f"way_{way.kind}", lang)


def filter_texts(asked: Asked, lang: str) -> list[str]:
    """What a query is narrowed by."""
    comma = "、" if lang == "ja" else ", "
    return [
        word(
            "versus_filtered",
            lang,
            column=attribute_name(column, lang),
            values=comma.join(value_name(value, lang) for value in values),
        )
        for column, values in asked.filters.items()
    ]
