"""ABC notation (standard 2.1, abcnotation.com/wiki/abc:standard:v2.1): a writer and a reader."""

from miaobi.craft.music.abc.reader import read
from miaobi.craft.music.abc.writer import write

__all__ = ["read", "write"]
