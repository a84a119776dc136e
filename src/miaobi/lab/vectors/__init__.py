"""Word vectors: GloVe of ours, word2vec through gensim, and how both are judged, searched and drawn."""
