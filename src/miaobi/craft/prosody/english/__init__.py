"""English prosody: pronunciation, rhyme and metre."""
