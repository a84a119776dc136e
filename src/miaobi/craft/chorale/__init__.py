"""Chorale: four voices as a net reads and writes them, and the rules that they are held to."""
