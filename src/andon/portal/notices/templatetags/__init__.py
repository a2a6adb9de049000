"""What the templates of notices say."""
