"""Export: a trained transformer as a folder for Hugging Face or as a GGUF file for llama.cpp."""
