"""The demonstration: an invented hospital in the middle of its campaign.

Everything goes through the doors that people use: units, people and problems come in by the
importer from the workbooks under ``demo/``; every state is reached by its action.
"""

from desk.demo.load import Figures, figures, is_loaded, load

__all__ = ["Figures", "figures", "is_loaded", "load"]
