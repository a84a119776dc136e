"""Prosody: how verse sounds, and the rules of its forms; no models."""
