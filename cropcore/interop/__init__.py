"""Crops of other programs: Camera Raw's in XMP, darktable's and RawTherapee's."""
