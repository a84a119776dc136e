"""Space: solids that a printer can print: made closed, checked, written as STL, 3MF, GLB and OBJ."""
