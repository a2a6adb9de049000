"""ABC Industrial Components, made through the services."""

from andon.demo.people import PASSWORD, SIGN_INS, TABLET_PINS
from andon.demo.story import fill

__all__ = ["PASSWORD", "SIGN_INS", "TABLET_PINS", "fill"]
