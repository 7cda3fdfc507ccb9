"""What was recorded of everybody in a clinic who started tacrolimus, read and chosen column by column.

analytics.outcomes.started says patient by patient what is meant; this gives the same for a whole clinic, in a
number of statements that never grows, for a fraction of the time. A test holds the two together.
"""

from analytics.columns.starters import everybody_started

__all__ = ["everybody_started"]
