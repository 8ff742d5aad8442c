"""The canvas: the photo, the crop in hand, and what helps to judge it."""
