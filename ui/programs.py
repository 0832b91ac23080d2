"""What programs can do, whatever the way they come (REST, MCP, Gradio's API): search, explain, list."""

from typing import Any
from weakref import WeakKeyDictionary

from library import HOST, Library, LibraryError, Opened, UnknownCatalog, Visitor
from retrieval import RetrievalError
from ui import program_explain, program_lists, program_reports, program_search
from ui.asked import Asked
from ui.metrics.shelf import CatalogShelves
from ui.program_errors import NotAllowed, NotFound, NotReady
from ui.program_terms import Composed, check_item, compose, needs_network
from ui.query_questions import ExplainQuestion, SearchQuestion, SimilarQuestion
from ui.questions import AttributesQuestion, CatalogsQuestion, ItemsQuestion, ReportsQuestion

Found = dict[str, Any]
"""An answer, of the shape that a model of `ui.answers` or `ui.query_answers` describes."""

FEW_ITEMS = 4_000
"""Items of a catalog that are searched in less time than a change of threads costs under load."""


class Programs:
    """Answers to questions of `ui.questions` and `ui.query_questions` on the catalogs of a library. Thread-safe.

    visitor: who asks. `root` is the address of the app as the caller sees it, with a slash at its end; addresses of
    thumbnails begin with it. picture: bytes or file of an image that came with a question, instead of the text in its
    `image`. RetrievalError and CatalogError say in one sentence what is wrong with a question.
    """

    def __init__(self, library: Library, patience: float = 0.0) -> None:
        """patience: seconds that a question waits for its catalog to be opened."""
        self.library = library
        self._patience = patience
        self._shelves = CatalogShelves(library)
        self._attributes: WeakKeyDictionary[Opened, tuple[object, list[str], Found]] = WeakKeyDictionary()

    def opened(self, catalog: str | None, visitor: Visitor = HOST) -> Opened:
        """The catalog that is asked, open or being opened; NotFound, or RetrievalError where its entry is damaged."""
        try:
            return self.library.opened(catalog or "", visitor)
        except UnknownCatalog as error:
            raise NotFound(f"{error}; `catalogs` lists them") from error
        except LibraryError as error:
            raise RetrievalError(str(error)) from error

    def is_brief(self, opened: Opened, asked: SearchQuestion | SimilarQuestion) -> bool:
        """Whether a search takes a millisecond or so: few items, no picture and no words to be read, and no embedding that
        it could start."""
        small = len(opened.catalog) <= FEW_ITEMS and not self.library.settings.embed_on_request
        in_words = isinstance(asked, SearchQuestion) and bool(asked.words)
        return small and not in_words and not needs_network(asked)

    def search(
        self,
        asked: SearchQuestion,
        picture: bytes | str | None = None,
        root: str = "",
        visitor: Visitor = HOST,
    ) -> Found:
        opened, composed = self._composed(asked, picture, visitor)
        return program_search.search(opened, composed, _asked(opened, composed, asked, asked.least), root)

    def similar(
        self,
        asked: SimilarQuestion,
        picture: bytes | str | None = None,
        root: str = "",
        visitor: Visitor = HOST,
    ) -> Found:
        shared = asked.model_dump(exclude={"level"})
        opened, composed = self._composed(SearchQuestion(**shared), picture, visitor)
        return program_search.similar(opened, composed, _asked(opened, composed, asked, asked.level or None), root)

    def explain(
        self,
        asked: ExplainQuestion,
        picture: bytes | str | None = None,
        root: str = "",
        visitor: Visitor = HOST,
    ) -> Found:
        opened, composed = self._composed(asked, picture, visitor)
        check_item(opened.catalog, asked.about)
        query = _asked(opened, composed, asked, asked.least)
        attribute = program_explain.heaviest(query)
        if asked.attention:
            attribute = program_explain.attribute_of(query, asked.attention)
        return program_explain.explain(opened, composed, query, asked.about, attribute, root)

    def attributes(self, asked: AttributesQuestion, visitor: Visitor = HOST) -> Found:
        opened = self._ready(asked.catalog, visitor)
        catalog, names, kept = opened.catalog, opened.engine.attributes, self._attributes.get(opened)
        if kept is None or kept[0] is not catalog or kept[1] != names:
            kept = self._attributes[opened] = catalog, names, program_lists.attributes(opened)
        return kept[2]

    def items(self, asked: ItemsQuestion, root: str = "", visitor: Visitor = HOST) -> Found:
        return program_lists.items(self._ready(asked.catalog, visitor), asked, root)

    def catalogs(self, asked: CatalogsQuestion, visitor: Visitor = HOST) -> Found:
        entries = self.library.all(visitor)
        return {
            "catalogs": [{"id": entry.id, "name": entry.name, "made": entry.made} for entry in entries],
            "notes": [],
        }

    def reports(self, asked: ReportsQuestion, visitor: Visitor = HOST) -> Found:
        try:
            catalog = self.library.entry(asked.catalog or "", visitor).id
            return {
                "reports": program_reports.listed(self._shelves, catalog, visitor),
                "report": program_reports.whole(self._shelves, asked.report, visitor) if asked.report else None,
                "notes": [],
            }
        except UnknownCatalog as error:
            raise NotFound(f"{error}; `catalogs` lists them") from error
        except LibraryError as error:
            raise RetrievalError(str(error)) from error

    def health(self) -> Found:
        opened = self.library.opened("")
        stage = opened.stage
        status = stage.name if stage.name in ("ready", "failed") else "starting"
        return {"status": status, "items": len(opened.catalog), "done": stage.done}

    def _composed(
        self, asked: SearchQuestion, picture: bytes | str | None, visitor: Visitor
    ) -> tuple[Opened, Composed]:
        """The catalog that is asked, and the terms that it is asked by, embedded if need be and may be."""
        opened = self._ready(asked.catalog, visitor)
        composed = compose(opened, asked, picture, self.library.settings.embed_on_request)
        self._embed(opened, [name for name in composed.attributes if name not in opened.engine.attributes])
        return opened, composed

    def _ready(self, catalog: str | None, visitor: Visitor) -> Opened:
        """The catalog that is asked; NotReady until it can be searched."""
        opened = self.opened(catalog, visitor)
        opened.wait(self._patience)
        if opened.stage.name != "ready":
            try:
                _ = opened.engine
            except RetrievalError as error:
                raise NotReady(str(error)) from error
        return opened

    def _embed(self, opened: Opened, missing: list[str]) -> None:
        if not missing:
            return
        opened.embedder.check(missing)
        if not self.library.settings.embed_on_request:
            raise NotAllowed(
                f"the catalog is not embedded for {', '.join(missing)}, and this server does not embed on request; ask for: "
                f"{', '.join(opened.engine.attributes)}; its host can allow it with --embed-on-request"
            )
        for _ in opened.embed(missing):
            pass


def _asked(opened: Opened, composed: Composed, asked: SearchQuestion | SimilarQuestion, least: float | None) -> Asked:
    filters = opened.columns.resolve(asked.filters or {})
    beta, gamma = getattr(asked, "beta", None), getattr(asked, "gamma", None)
    return Asked(composed.terms, asked.k, beta, gamma, least, filters)
