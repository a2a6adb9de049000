"""How long records are kept, what holds them, and what is forgotten for good (RT1, RT2)."""
