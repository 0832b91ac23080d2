"""What programs can do, whatever the way they come (REST, MCP, Gradio's API): search, list attributes, list items."""

import base64
import binascii
import re
from typing import Any

from catalog import MOST_VALUES, CatalogError, Columns, ImageLimits
from retrieval import RetrievalError
from ui.questions import MOST_HITS, MOST_ITEMS, AttributesQuestion, ItemsQuestion, SearchQuestion
from ui.searching import Asked, Choice, answer, parse_attributes
from ui.service import Service

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
    """Answers to questions of `ui.questions` on one service. Thread-safe.

    `root` is the address of the app as the caller sees it, with a slash at its end; addresses of thumbnails begin with
    it. RetrievalError and CatalogError say in one sentence what is wrong with a question.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self._columns: Columns | None = None
        self._attributes: tuple[object, Found] | None = None

    @property
    def is_brief(self) -> bool:
        """Whether any search by item takes a millisecond or so: few items, and no embedding that it could start."""
        return len(self.service.catalog) <= FEW_ITEMS and not self.service.settings.embed_on_request

    def search(self, asked: SearchQuestion, picture: bytes | str | None = None, root: str = "") -> Found:
        """picture: bytes or file of an image that came with the question, instead of the text in `asked.image`."""
        self._check_ready()
        service = self.service
        image = picture if picture is not None else _decoded(asked.image) if asked.image else None
        if (image is not None) == bool(asked.item):
            raise RetrievalError("give either an image or the id of an item, not both and not neither")
        if asked.item:
            self._check_item(asked.item)
        weights = parse_attributes(asked.attributes or [], service.embedder.attributes)
        filters = self.columns.resolve(asked.filters or {})
        self._embed([name for name in weights if name not in service.engine.attributes])
        choice = Choice(
            asked.item or None,
            image if isinstance(image, str) else None,
            image if isinstance(image, bytes) else None,
        )
        found = answer(
            service, Asked(choice, weights, min(asked.k, MOST_HITS), asked.beta, asked.gamma, asked.least, filters)
        )
        address = service.thumbnails.url
        item = service.catalog.item
        hits = [
            {
                "id": hit.id,
                "score": hit.score,
                "shares": hit.shares,
                "chances": hit.chances,
                "hidden": list(hit.hidden),
                "labels": item(hit.id).labels,
                "image": root + address(item(hit.id)),
            }
            for hit in found.hits
        ]
        unseen = [
            f"'{name}' cannot be seen on the picture that is asked by, so the order says little"
            for name in found.hidden
        ]
        return {"hits": hits, "notes": [*_capped("k", asked.k, MOST_HITS), *unseen]}

    def attributes(self, asked: AttributesQuestion | None = None) -> Found:
        self._check_ready()
        engine, catalog = self.service.engine, self.service.catalog
        key = (id(catalog), tuple(engine.attributes))
        if self._attributes is None or self._attributes[0] != key:
            found = {
                "attributes": [
                    self._attribute(name, name in engine.attributes) for name in self.service.known_attributes
                ],
                "columns": [self._column(name) for name in catalog.columns],
                "items": len(catalog),
                "notes": [],
            }
            self._attributes = key, found
        return self._attributes[1]

    def items(self, asked: ItemsQuestion, root: str = "") -> Found:
        self._check_ready()
        catalog, limit = self.service.catalog, min(asked.limit, MOST_ITEMS)
        rows = self.columns.rows(self.columns.resolve(asked.filters or {}))
        page = [catalog.items[row] for row in rows[asked.offset : asked.offset + limit]]
        after = asked.offset + limit
        return {
            "items": [
                {
                    "id": item.id,
                    "split": item.split,
                    "labels": item.labels,
                    "columns": item.columns,
                    "image": root + self.service.thumbnails.url(item),
                }
                for item in page
            ],
            "total": len(rows),
            "offset": asked.offset,
            "next": after if after < len(rows) else None,
            "notes": _capped("limit", asked.limit, MOST_ITEMS),
        }

    def health(self) -> Found:
        stage = self.service.stage
        status = stage.name if stage.name in ("ready", "failed") else "starting"
        return {"status": status, "items": len(self.service.catalog), "done": stage.done}

    @property
    def columns(self) -> Columns:
        if self._columns is None or self._columns.catalog is not self.service.catalog:
            self._columns = Columns(self.service.catalog)
        return self._columns

    def _attribute(self, name: str, embedded: bool) -> Found:
        catalog = self.service.catalog
        labelled = next((attribute for attribute in catalog.attributes if attribute.name == name), None)
        counts = self.columns.counts(name) if labelled is not None else {}
        values = labelled.values if labelled is not None else self.service.known_attributes[name]
        return {
            "name": name,
            "embedded": embedded,
            "labelled": sum(counts.values()),
            "values": [{"value": value, "items": counts.get(value, 0)} for value in values],
        }

    def _column(self, name: str) -> Found:
        counts = self.columns.counts(name)
        listed = counts.most_common() if len(counts) <= MOST_VALUES else []
        return {
            "name": name,
            "distinct": len(counts),
            "values": [{"value": value, "items": count} for value, count in listed],
        }

    def _check_ready(self) -> None:
        if self.service.stage.name != "ready":
            try:
                _ = self.service.engine
            except RetrievalError as error:
                raise NotReady(str(error)) from error

    def _check_item(self, id: str) -> None:
        try:
            self.service.catalog.position(id)
        except CatalogError as error:
            raise NotFound(f"{error}; `items` lists them") from error

    def _embed(self, missing: list[str]) -> None:
        if not missing:
            return
        service = self.service
        service.embedder.check(missing)
        if not service.settings.embed_on_request:
            raise NotAllowed(
                f"the catalog is not embedded for {', '.join(missing)}, and this server does not embed on request; ask for: "
                f"{', '.join(service.engine.attributes)}; its host can allow it with --embed-on-request"
            )
        for _ in service.embed(missing):
            pass


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
