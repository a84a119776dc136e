"""Plot: how a story is built, told and checked, whatever the medium that it ends in."""
