"""Sound: a score as audio, by a small synthesiser of our own or by a soundfont of the user's."""
