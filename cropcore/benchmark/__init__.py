"""What `cropcore bench` measures."""
