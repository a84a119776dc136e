"""MEI 5 (Music Encoding Initiative, common music notation): a writer and a reader."""

from miaobi.craft.music.mei.reader import read
from miaobi.craft.music.mei.writer import write

__all__ = ["read", "write"]
