"""What runs on any machine without Andon: see `andon_verify`."""
