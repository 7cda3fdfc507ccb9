"""Property tests lie here: the number of examples is set before the first of them is read."""

from tests import properties

__all__ = ["properties"]
