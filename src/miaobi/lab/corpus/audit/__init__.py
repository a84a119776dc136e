"""The audit of a corpus before anything is trained on it: quality, quantity, and what should be left out."""
