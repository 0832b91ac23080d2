"""Images and labels: files in, tables and PIL images out."""

from catalog.check import Check, check_catalog
from catalog.decoding import shrunk_to
from catalog.errors import CatalogError
from catalog.export import export_hub, export_zip
from catalog.filters import MOST_VALUES, Columns
from catalog.folders import READING, TAUGHT
from catalog.images import ImageLimits, open_image
from catalog.items import Attribute, Catalog, Item, spelled_alike
from catalog.loading import load_catalog, read_catalog
from catalog.look import ColumnLook, Look, look
from catalog.mapping import Mapping
from catalog.mending import MENDS
from catalog.notes import TEXTS as NOTE_TEXTS
from catalog.notes import LeftOut, Note
from catalog.presets import PRESETS, ROLES, Role
from catalog.problems import Problem
from catalog.recognition import Recognised, recognise
from catalog.splits import Splits, load_splits
from catalog.table import read_table
from catalog.text import decode, read_text
from catalog.twins import Twins, twins_across_splits, without_twins
from catalog.wish import Wish

__all__ = [
    "MENDS",
    "MOST_VALUES",
    "NOTE_TEXTS",
    "PRESETS",
    "READING",
    "ROLES",
    "TAUGHT",
    "Attribute",
    "Catalog",
    "CatalogError",
    "Check",
    "ColumnLook",
    "Columns",
    "ImageLimits",
    "Item",
    "LeftOut",
    "Look",
    "Mapping",
    "Note",
    "Problem",
    "Recognised",
    "Role",
    "Splits",
    "Twins",
    "Wish",
    "check_catalog",
    "decode",
    "export_hub",
    "export_zip",
    "load_catalog",
    "load_splits",
    "look",
    "open_image",
    "read_catalog",
    "read_table",
    "read_text",
    "recognise",
    "shrunk_to",
    "spelled_alike",
    "twins_across_splits",
    "without_twins",
]
