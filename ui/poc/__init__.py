"""The PoC tab: is it better, by how much, how sure; how few labels are enough; what it costs to run."""

from ui.poc.events import PocEvents
from ui.poc.tab import PocTab, build_poc_tab
from ui.poc.wiring import connect_poc

__all__ = ["PocEvents", "PocTab", "build_poc_tab", "connect_poc"]
