"""Forms of art: verse."""
