"""What people ask about notices."""
