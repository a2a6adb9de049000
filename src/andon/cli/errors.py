"""How a command tells its user that it cannot go on."""


class Sentence(Exception):  # noqa: N818 - nothing is broken: the user is told what to do
    """End the command with this sentence on standard error and exit code 2."""
