"""Art: forms of verse, one file each; what they share stands beside them."""
