"""ABC Industrial Components, made through the services."""

from andon.demo.people import PASSWORD, SIGN_INS
from andon.demo.story import fill

__all__ = ["PASSWORD", "SIGN_INS", "fill"]
