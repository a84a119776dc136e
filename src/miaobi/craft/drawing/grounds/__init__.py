"""What a scene plays on: land, water, streets, rooms, the sky over them, what dresses them."""
