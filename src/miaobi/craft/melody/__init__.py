"""Melody: tunes as a net reads and writes them, their chords, and what they are held to."""
