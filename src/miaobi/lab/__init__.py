"""The laboratory: where the language models that write are trained, judged and exported."""
