"""Photos as pixels: decoding, colour, rotation, rendering."""
