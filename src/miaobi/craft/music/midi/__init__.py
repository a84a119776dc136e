"""Standard MIDI files (RP-001, MIDI Manufacturers Association, 1996): a writer and a reader."""

from miaobi.craft.music.midi.reader import read
from miaobi.craft.music.midi.writer import write

__all__ = ["read", "write"]
