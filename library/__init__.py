"""What one installation holds: catalogs, weights, taught attributes, reports, labels given, jobs."""

from library.disk import Disk
from library.entries import Entry
from library.errors import LibraryError, UnknownCatalog
from library.given import UNSEEN, Given, Verdict, standing
from library.keeping import VISIT
from library.labelling import WORTH, Known, Labelling, Labellings, Question, begin_attribute, spelled
from library.ledger import Ledger
from library.lessons import Lesson
from library.library import Library
from library.looks import Looking, Looks
from library.measuring import ALONE
from library.opened import Opened, Stage, Stopped, Unreadable
from library.sets import SavedSet
from library.settings import Settings
from library.thumbnails import LARGE, Thumbnails
from library.typical import Typical, typical_items
from library.updating import LabelUpdate
from library.upload_terms import Share, Upload, UploadError, UploadLimits
from library.uploads import Uploads
from library.visitors import HOST, Visitor, is_key, new_key
from library.weights import Fallback, Weights
from library.work import result_file

__all__ = [
    "ALONE",
    "HOST",
    "LARGE",
    "UNSEEN",
    "VISIT",
    "WORTH",
    "Disk",
    "Entry",
    "Fallback",
    "Given",
    "Known",
    "LabelUpdate",
    "Labelling",
    "Labellings",
    "Ledger",
    "Lesson",
    "Library",
    "LibraryError",
    "Looking",
    "Looks",
    "Opened",
    "Question",
    "SavedSet",
    "Settings",
    "Share",
    "Stage",
    "Stopped",
    "Thumbnails",
    "Typical",
    "UnknownCatalog",
    "Unreadable",
    "Upload",
    "UploadError",
    "UploadLimits",
    "Uploads",
    "Verdict",
    "Visitor",
    "Weights",
    "begin_attribute",
    "is_key",
    "new_key",
    "result_file",
    "spelled",
    "standing",
    "typical_items",
]
