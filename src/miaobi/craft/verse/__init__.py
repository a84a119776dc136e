"""Verse: what a poem says, and in which words, before an engine chooses among them."""
