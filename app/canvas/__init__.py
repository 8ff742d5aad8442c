"""The canvas: a graphics view of the photo, the crop frame and all overlays."""
