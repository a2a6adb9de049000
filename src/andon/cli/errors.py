"""How a command tells its user that it cannot go on."""


class Sentence(Exception):
    """End the command with this sentence on standard error and exit code 2."""
