"""Drawing: an idea read, staged, lit and drawn in named layers: SVG that a painter of ``craft.painting`` can
paint."""
