"""MusicXML 4.0 (W3C Community Group report, 2021): a writer and a reader of partwise scores, plain or compressed."""

from miaobi.craft.music.musicxml.reader import read
from miaobi.craft.music.musicxml.writer import write

__all__ = ["read", "write"]
