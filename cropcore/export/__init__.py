"""Writing crops to files: formats, options, names."""
