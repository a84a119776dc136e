"""The laboratory: what is needed to train language models of one's own, from texts to vectors and nets."""
