"""Sentences, words, inflection and the measurable faults of prose, in English and Chinese."""
