"""The library: every work with its versions, boards, search, and one-file export; see docs/library.md."""

from miaobi.studio.library.library import Library, library_folder

__all__ = ["Library", "library_folder"]
