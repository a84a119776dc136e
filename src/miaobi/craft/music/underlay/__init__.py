"""Underlay: words set under a melody, and how well they fit."""

from miaobi.craft.music.underlay.setting import Fit, Setting, fit, set_words

__all__ = ["Fit", "Setting", "fit", "set_words"]
