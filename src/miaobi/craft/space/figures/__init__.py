"""Figures: what a solid can show, each built of clay by a generator of ours."""
