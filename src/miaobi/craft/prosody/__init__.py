"""Prosody: metre, tone and rhyme as the tables and rules of each language have them; no models."""
