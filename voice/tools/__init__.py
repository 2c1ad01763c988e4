"""What the model may ask for: facts about the user, and the web."""

from voice.tools.toolbox import HAVE_EFFECTS, Toolbox, tools_of
from voice.tools.web import Source

__all__ = ["HAVE_EFFECTS", "Source", "Toolbox", "tools_of"]
