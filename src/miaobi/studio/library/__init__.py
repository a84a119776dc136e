"""The library: every work with its versions, boards, search, and one-file export; see docs/library.md."""

from miaobi.studio.library.database import begun, library_folder
from miaobi.studio.library.library import NAME_LIMIT, Library

__all__ = ["NAME_LIMIT", "Library", "begun", "library_folder"]
