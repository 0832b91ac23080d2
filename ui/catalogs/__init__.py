"""The Catalogs tab: bring images, see what is in them, watch them being embedded, and keep them in order."""

from ui.catalogs.events import CatalogsEvents
from ui.catalogs.tab import CatalogsTab, build_catalogs_tab
from ui.catalogs.wiring import connect_catalogs

__all__ = ["CatalogsEvents", "CatalogsTab", "build_catalogs_tab", "connect_catalogs"]
