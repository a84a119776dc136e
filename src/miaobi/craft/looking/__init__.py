"""Looking: a person's own picture, opened as hostile, and what can honestly be seen in it without a model."""
