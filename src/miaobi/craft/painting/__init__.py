"""Painting: a drawing's layers in oil, watercolour, ink, woodcut, paper-cut, stipple or pencil; each by strokes of
its own."""
