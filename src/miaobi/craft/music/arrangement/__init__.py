"""Arrangement: parts made from chord symbols by pattern: accompaniment, bass, drums."""
