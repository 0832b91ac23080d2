"""The Catalogs tab: bring images, see what is in them, watch them being embedded, and keep them in order."""

from ui.catalogs.detail_events import DetailEvents
from ui.catalogs.detail_tab import build_detail
from ui.catalogs.detail_wiring import connect_detail, connect_jobs
from ui.catalogs.events import CatalogsEvents
from ui.catalogs.host_events import HostEvents
from ui.catalogs.host_tab import build_host
from ui.catalogs.job_events import JobEvents
from ui.catalogs.tab import CatalogsTab, build_catalogs_tab
from ui.catalogs.wiring import connect_catalogs

__all__ = [
    "CatalogsEvents",
    "CatalogsTab",
    "DetailEvents",
    "HostEvents",
    "JobEvents",
    "build_catalogs_tab",
    "build_detail",
    "build_host",
    "connect_catalogs",
    "connect_detail",
    "connect_jobs",
]
