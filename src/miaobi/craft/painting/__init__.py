"""Painting: a drawing's layers in oil, watercolour, ink, woodcut, layered paper-cut, 剪纸, stipple or pencil; each by
strokes, or cuts, of its own."""
