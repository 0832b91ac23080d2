"""Images and labels: files in, tables and PIL images out."""

from catalog.errors import CatalogError
from catalog.images import ImageLimits, open_image
from catalog.items import Attribute, Catalog, Item
from catalog.loading import load_catalog

__all__ = ["Attribute", "Catalog", "CatalogError", "ImageLimits", "Item", "load_catalog", "open_image"]
