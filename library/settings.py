"""What an installation was started with."""

from dataclasses import dataclass
from pathlib import Path

from common.assets import REPORTS


@dataclass(frozen=True)
class Settings:
    """How an installation is run.

    home: folder for all that it keeps. catalog: folder, zip, table or Hub dataset that the page opens with; None is the
    drawn demo. mend: whether that one's labels are put right. weights: folder or Hub repository, None for the embedded ones.
    device: auto, cuda, mps or cpu. lang: language of the page where the address names none. reports: folder of shipped reports.
    embed_on_request: whether a program may have a catalog embedded for an attribute by naming it. public: whether visitors
    are strangers to the host: each then sees the host's catalogs and his own. usage_log: whether kinds of searches, clicks and
    times to the hit that was taken are written down (`library.usage`). warm: whether what a page shows of the values of a
    catalog is looked up as soon as it is open. milvus: where indexes are kept (`retrieval.backend_of`); '' is in the process.
    """

    home: Path
    catalog: str | None = None
    mend: bool | None = None
    weights: str | None = None
    device: str = "auto"
    lang: str | None = None
    reports: Path = REPORTS
    embed_on_request: bool = False
    public: bool = False
    usage_log: bool = False
    warm: bool = False
    milvus: str = ""
