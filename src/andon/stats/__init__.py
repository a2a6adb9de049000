"""Quality statistics on numpy, for use with or without the rest of Andon.

A name is loaded when it is first used (``__init__.pyi`` says where it lives), so that a page which
draws a chart never pays for acceptance sampling, and nothing loads scipy before it needs it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
