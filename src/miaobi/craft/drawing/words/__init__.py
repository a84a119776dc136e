"""What the words of an idea or of a story ask a picture for."""
