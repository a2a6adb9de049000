"""The door: second factor, throttle, sessions, shared tablets, tokens of programs."""
