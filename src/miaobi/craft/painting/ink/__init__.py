"""水墨: washes, strokes and what they make of land, of what grows, of figures."""
