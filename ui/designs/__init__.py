"""Similar designs: pairs and groups of the catalog that agree on chosen attributes, with their pictures and as tables."""

from ui.designs.events import DesignsEvents
from ui.designs.tab import DesignsTab, build_designs
from ui.designs.wiring import connect_designs

__all__ = ["DesignsEvents", "DesignsTab", "build_designs", "connect_designs"]
