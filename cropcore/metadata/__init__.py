"""EXIF, XMP and IPTC of photos and of their crops."""
