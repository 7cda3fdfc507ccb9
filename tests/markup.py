"""A page's markup as its reader's browser takes it: where the templates break their lines says nothing."""

import re

BLOCKS = (
    "d[dltiv]+|fieldset|form|h[1-6]|legend|li|ol|option|p|section|select|summary|t(?:able|body|d|h|head|r)|ul"
)
AROUND_A_BLOCK = re.compile(rf" *(</?(?:{BLOCKS})\b[^>]*>) *")
WITHIN_A_PHRASE = re.compile(r"(<(?:a|button|em|label|small|span|strong)\b[^>]*>) | (?=</|>)")


def on_one_line(html: str) -> str:
    """The markup with one space for each run of whitespace, and none at the edges of an element."""
    return WITHIN_A_PHRASE.sub(r"\1", AROUND_A_BLOCK.sub(r"\1", " ".join(html.split())))
