"""Everything that a program can ask, once for all faces: its question, its answer, and who gives it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from library import Visitor
from ui.answers import AttributesAnswer, CatalogsAnswer, ItemsAnswer, ReportsAnswer
from ui.programs import Found, Programs
from ui.query_answers import ExplainAnswer, SearchAnswer
from ui.query_questions import ExplainQuestion, SearchQuestion, SimilarQuestion
from ui.questions import AttributesQuestion, CatalogsQuestion, ItemsQuestion, Question, ReportsQuestion


@dataclass(frozen=True)
class Asking:
    """A question with what comes beside it. picture: bytes or file of an image, instead of the text in `image`. root: the
    address of the app as the caller sees it."""

    question: Any
    visitor: Visitor
    root: str = ""
    picture: bytes | str | None = None


@dataclass(frozen=True)
class Operation:
    """name: of endpoint and tool. asks, answers: models of its question and its answer. summary: a few words for lists.
    pictured: whether its question may hold a picture, so that it is also taken as a body. slow: whether it always takes a
    pass of the network. searches: whether it needs the catalog to be open."""

    name: str
    asks: type[Question]
    answers: type[BaseModel]
    summary: str
    answer: Callable[[Programs, Asking], Found]
    pictured: bool = False
    slow: bool = False
    searches: bool = True

    @property
    def description(self) -> str:
        return (self.asks.__doc__ or "").strip()


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation(
            "search",
            SearchQuestion,
            SearchAnswer,
            "Search by a picture, items, values and words",
            lambda programs, one: programs.search(one.question, one.picture, one.root, one.visitor),
            pictured=True,
        ),
        Operation(
            "explain",
            ExplainQuestion,
            ExplainAnswer,
            "Why an item is where it is",
            lambda programs, one: programs.explain(one.question, one.picture, one.root, one.visitor),
            pictured=True,
            slow=True,
        ),
        Operation(
            "similar",
            SimilarQuestion,
            SearchAnswer,
            "Items that agree on chosen attributes",
            lambda programs, one: programs.similar(one.question, one.picture, one.root, one.visitor),
            pictured=True,
        ),
        Operation(
            "attributes",
            AttributesQuestion,
            AttributesAnswer,
            "Attributes and columns, with their values",
            lambda programs, one: programs.attributes(one.question, one.visitor),
        ),
        Operation(
            "items",
            ItemsQuestion,
            ItemsAnswer,
            "Items",
            lambda programs, one: programs.items(one.question, one.root, one.visitor),
        ),
        Operation(
            "catalogs",
            CatalogsQuestion,
            CatalogsAnswer,
            "Catalogs",
            lambda programs, one: programs.catalogs(one.question, one.visitor),
            searches=False,
        ),
        Operation(
            "reports",
            ReportsQuestion,
            ReportsAnswer,
            "Evaluation reports",
            lambda programs, one: programs.reports(one.question, one.visitor),
            searches=False,
        ),
    )
}
"""By name, in the order in which they are listed."""
