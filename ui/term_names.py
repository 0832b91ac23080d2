"""Terms of a search as people read them."""

from catalog import Catalog
from retrieval import NOT_WEIGHT
from ui.asked import AskedTerm, Picture
from ui.names import attribute_name, labelled, value_name, values_of
from ui.searching import Answer
from ui.words import word


def term_name(catalog: Catalog, term: AskedTerm, lang: str) -> str:
    """What a term asks for: "collar like g12", "sleeve length: long", "color: not navy"."""
    name, without = attribute_name(term.attribute, lang), term.weight < 0
    if isinstance(term.source, Picture):
        kind = "picture" if term.source.item is None else "item"
        return word(f"term_{'not_' if without else ''}{kind}", lang, name=name, item=term.source.item or "")
    among = values_of(catalog, term.attribute)
    if without:
        return word("term_not_value", lang, name=name, value=value_name(term.source, lang, among))
    return labelled(term.attribute, term.source, lang, among)


def weighed_term(catalog: Catalog, term: AskedTerm, lang: str) -> str:
    """As `term_name`, with how much it counts where that is not the ordinary weight."""
    name = term_name(catalog, term, lang)
    return name if term.weight in (1, -NOT_WEIGHT) else f"{name} × {abs(term.weight):.2g}"


def explained_terms(found: Answer, lang: str) -> list[tuple[str, int]]:
    """The terms whose attention can be looked at, each by its name, and its place in the query; those of weight 0 add nothing."""
    return [
        (term_name(found.catalog, term, lang), place) for place, term in enumerate(found.asked.terms) if term.weight
    ]
