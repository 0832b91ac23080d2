"""What stands for an attribute value: of how many items its prototype is made, and which of them are most like it."""

from dataclasses import dataclass

import numpy as np

from model import repeated
from retrieval import scan
from retrieval.view import View


@dataclass(frozen=True)
class Typical:
    """labelled: how many items the prototype of a value is made of, 0 where none is labelled with it and the posterior of a
    taught attribute stands for it. items: ids of those closest to the prototype, the closest first."""

    labelled: int
    items: tuple[str, ...]


def typical(view: View, attribute: str, value: str, count: int) -> Typical:
    """At most `count` items, each by its first picture, scored with the attribute's own mix. RetrievalError as a search by
    the value raises it."""
    prototype = view.prototype(value, attribute)
    values = next((own.values for own in view.catalog.attributes if own.name == attribute), ())
    first = view.layout.first(view.pictures.there(attribute))
    slots = first[first >= 0]
    labels = view.labels(attribute)[slots] if value in values else np.full(len(slots), -2)
    members = slots[labels == values.index(value)] if value in values else slots[:0]
    derivation = view.embedder.derivation(attribute)
    vector = repeated(derivation.sections, derivation.mix) * prototype
    scores = scan.shares([(view.exact(attribute), vector)], members)
    order, _ = scan.rank(scores, members, count)
    return Typical(len(members), tuple(view.catalog.items[view.place(int(members[row]))].id for row in order))
