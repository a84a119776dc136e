"""Corpora: documents from many sources, audited, split, and turned into files of tokens."""
