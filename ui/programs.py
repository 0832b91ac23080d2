"""What programs can do, whatever the way they come (REST, MCP, Gradio's API): search, list attributes, list items."""

import base64
import binascii
import re
from typing import Any
from weakref import WeakKeyDictionary

from catalog import MOST_VALUES, CatalogError, ImageLimits
from library import HOST, Library, LibraryError, Opened, UnknownCatalog, Visitor
from retrieval import RetrievalError
from ui.asked import Asked, Picture, like
from ui.questions import MOST_HITS, MOST_ITEMS, AttributesQuestion, CatalogsQuestion, ItemsQuestion, SearchQuestion
from ui.searching import answer, parse_attributes

Found = dict[str, Any]
"""An answer, of the shape that a model of `ui.answers` describes."""

_DATA_URL = re.compile(r"data:[\w.+-]*/?[\w.+-]*(;[\w=.+-]+)*;base64,", re.IGNORECASE)


class NotFound(RetrievalError):  # noqa: N818 - reads as what it says
    """The item that was named is not there."""


class NotAllowed(RetrievalError):  # noqa: N818
    """Only the host of the server may have that done."""


class NotReady(RetrievalError):  # noqa: N818
    """The service is starting or could not start."""


FEW_ITEMS = 4_000
"""Items of a catalog that are searched in less time than a change of threads costs under load."""


class Programs:
    """Answers to questions of `ui.questions` on the catalogs of a library. Thread-safe.

    visitor: who asks. `root` is the address of the app as the caller sees it, with a slash at its end; addresses of
    thumbnails begin with it. RetrievalError and CatalogError say in one sentence what is wrong with a question.
    """

    def __init__(self, library: Library, patience: float = 0.0) -> None:
        """patience: seconds that a question waits for its catalog to be opened."""
        self.library = library
        self._patience = patience
        self._attributes: WeakKeyDictionary[Opened, tuple[object, list[str], Found]] = WeakKeyDictionary()

    def opened(self, catalog: str | None, visitor: Visitor = HOST) -> Opened:
        """The catalog that is asked, open or being opened; NotFound, or RetrievalError where its entry is damaged."""
        try:
            return self.library.opened(catalog or "", visitor)
        except UnknownCatalog as error:
            raise NotFound(f"{error}; `catalogs` lists them") from error
        except LibraryError as error:
            raise RetrievalError(str(error)) from error

    def is_brief(self, opened: Opened) -> bool:
        """Whether any search by item takes a millisecond or so: few items, and no embedding that it could start."""
        return len(opened.catalog) <= FEW_ITEMS and not self.library.settings.embed_on_request

    def search(
        self,
        asked: SearchQuestion,
        picture: bytes | str | None = None,
        root: str = "",
        visitor: Visitor = HOST,
    ) -> Found:
        """picture: bytes or file of an image that came with the question, instead of the text in `asked.image`."""
        opened = self._ready(asked.catalog, visitor)
        image = picture if picture is not None else _decoded(asked.image) if asked.image else None
        if (image is not None) == bool(asked.item):
            raise RetrievalError("give either an image or the id of an item, not both and not neither")
        if asked.item:
            _check_item(opened, asked.item)
        weights = parse_attributes(asked.attributes or [], opened.embedder.attributes)
        filters = opened.columns.resolve(asked.filters or {})
        self._embed(opened, [name for name in weights if name not in opened.engine.attributes])
        picture_asked = Picture(
            asked.item or None,
            image if isinstance(image, str) else None,
            image if isinstance(image, bytes) else None,
        )
        found = answer(
            opened,
            Asked(like(picture_asked, weights), min(asked.k, MOST_HITS), asked.beta, asked.gamma, asked.least, filters),
        )
        address = opened.thumbnails.picture
        item = found.catalog.item
        hits = [
            {
                "id": hit.id,
                "score": hit.score,
                "shares": hit.shares,
                "chances": hit.chances,
                "hidden": list(hit.hidden),
                "labels": item(hit.id).labels,
                "image": root + address(item(hit.id), hit.picture),
            }
            for hit in found.hits
        ]
        unseen = [
            f"'{name}' cannot be seen on the picture that is asked by, so the order says little"
            for name in found.hidden
        ]
        return {"hits": hits, "notes": [*_capped("k", asked.k, MOST_HITS), *unseen]}

    def attributes(self, asked: AttributesQuestion, visitor: Visitor = HOST) -> Found:
        opened = self._ready(asked.catalog, visitor)
        engine, catalog = opened.engine, opened.catalog
        names, kept = engine.attributes, self._attributes.get(opened)
        if kept is None or kept[0] is not catalog or kept[1] != names:
            known = opened.known_attributes
            found = {
                "attributes": [_attribute(opened, name, name in engine.attributes) for name in known],
                "columns": [_column(opened, name) for name in catalog.columns],
                "items": len(catalog),
                "notes": [],
            }
            kept = self._attributes[opened] = catalog, names, found
        return kept[2]

    def items(self, asked: ItemsQuestion, root: str = "", visitor: Visitor = HOST) -> Found:
        opened = self._ready(asked.catalog, visitor)
        catalog, limit = opened.catalog, min(asked.limit, MOST_ITEMS)
        rows = opened.columns.rows(opened.columns.resolve(asked.filters or {}))
        page = [catalog.items[row] for row in rows[asked.offset : asked.offset + limit]]
        after = asked.offset + limit
        return {
            "items": [
                {
                    "id": item.id,
                    "split": item.split,
                    "labels": item.labels,
                    "columns": item.columns,
                    "image": root + opened.thumbnails.url(item),
                }
                for item in page
            ],
            "total": len(rows),
            "offset": asked.offset,
            "next": after if after < len(rows) else None,
            "notes": _capped("limit", asked.limit, MOST_ITEMS),
        }

    def catalogs(self, asked: CatalogsQuestion, visitor: Visitor = HOST) -> Found:
        entries = self.library.all(visitor)
        return {
            "catalogs": [{"id": entry.id, "name": entry.name, "made": entry.made} for entry in entries],
            "notes": [],
        }

    def health(self) -> Found:
        opened = self.library.opened("")
        stage = opened.stage
        status = stage.name if stage.name in ("ready", "failed") else "starting"
        return {"status": status, "items": len(opened.catalog), "done": stage.done}

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


def _attribute(opened: Opened, name: str, embedded: bool) -> Found:
    labelled = next((attribute for attribute in opened.catalog.attributes if attribute.name == name), None)
    counts = opened.columns.counts(name) if labelled is not None else {}
    values = labelled.values if labelled is not None else opened.known_attributes[name]
    return {
        "name": name,
        "embedded": embedded,
        "labelled": sum(counts.values()),
        "values": [{"value": value, "items": counts.get(value, 0)} for value in values],
    }


def _column(opened: Opened, name: str) -> Found:
    counts = opened.columns.counts(name)
    listed = counts.most_common() if len(counts) <= MOST_VALUES else []
    return {
        "name": name,
        "distinct": len(counts),
        "values": [{"value": value, "items": count} for value, count in listed],
    }


def _check_item(opened: Opened, id: str) -> None:
    try:
        opened.catalog.position(id)
    except CatalogError as error:
        raise NotFound(f"{error}; `items` lists them") from error


def _capped(name: str, asked: int, most: int) -> list[str]:
    return [f"{name} is {asked}; at most {most} are given at once"] if asked > most else []


def _decoded(text: str) -> bytes:
    """Base64 text or a data URL → bytes; RetrievalError when it is something else, such as a path or a web address."""
    text = text.strip()
    if text.lower().startswith(("http://", "https://")):
        raise RetrievalError(
            "image is a web address, and these are not fetched; send the picture itself, as base64 text"
        )
    if text[:5].lower() == "data:":
        prefix = _DATA_URL.match(text)
        if prefix is None:
            raise RetrievalError("image is a data URL without ';base64,'; write it like data:image/jpeg;base64,…")
        text = text[prefix.end() :]
    limit = ImageLimits().bytes
    if len(text) > limit * 4 // 3 + 1024:
        raise RetrievalError(f"image is larger than {limit >> 20} MiB; send a smaller picture")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RetrievalError(
            "image is a text that is not base64, such as a path; files of the caller are not read from here: send the "
            "picture itself, as an uploaded file, base64 text or a data URL"
        ) from error
