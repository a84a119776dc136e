"""Icons: path data read, written on a grid as rings of lines and arcs, mirrored, measured."""
