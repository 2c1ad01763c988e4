"""What the model may ask for: facts about the user, and the web."""

from voice.tools.results import Failed
from voice.tools.toolbox import HAVE_EFFECTS, MEMORY_TOOLS, Toolbox, tools_of
from voice.tools.web import Source

__all__ = ["HAVE_EFFECTS", "MEMORY_TOOLS", "Failed", "Source", "Toolbox", "tools_of"]
