"""Chinese prosody: readings of characters, regulated verse, tunes of 词, parallelism."""
