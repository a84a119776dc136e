"""Music without any model: the score, notations, theory, arrangement, the setting of words, sound."""
