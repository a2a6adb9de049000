"""What every process of these tests needs, loaded once in the server that forks them."""

import django

django.setup()

from andon.modules.actions import services  # noqa: E402, F401
from andon.modules.nonconformities.tests import factories  # noqa: E402, F401
