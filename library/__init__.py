"""What one installation holds: catalogs, weights, taught attributes, reports, labels given, jobs."""

from library.disk import Disk
from library.entries import Entry
from library.errors import LibraryError, UnknownCatalog
from library.ledger import Given, Ledger, Verdict
from library.lessons import Lesson
from library.library import VISIT, Library
from library.looks import Looking, Looks
from library.opened import Opened, Stage, Stopped, Unreadable
from library.settings import Settings
from library.thumbnails import LARGE, Thumbnails
from library.updating import LabelUpdate
from library.upload_terms import Share, Upload, UploadError, UploadLimits
from library.uploads import Uploads
from library.visitors import HOST, Visitor, is_key, new_key
from library.weights import Fallback, Weights
from library.work import result_file

__all__ = [
    "HOST",
    "LARGE",
    "VISIT",
    "Disk",
    "Entry",
    "Fallback",
    "Given",
    "LabelUpdate",
    "Ledger",
    "Lesson",
    "Library",
    "LibraryError",
    "Looking",
    "Looks",
    "Opened",
    "Settings",
    "Share",
    "Stage",
    "Stopped",
    "Thumbnails",
    "UnknownCatalog",
    "Unreadable",
    "Upload",
    "UploadError",
    "UploadLimits",
    "Uploads",
    "Verdict",
    "Visitor",
    "Weights",
    "is_key",
    "new_key",
    "result_file",
]
