"""The optional director that asks a language model. What it answers is data: checked, staged by us, or refused.

Imported only where the settings name a model; nothing else of the house needs it.
"""

from vitascope.director.language.director import LanguageDirector
from vitascope.director.language.endpoint import Asks, Endpoint, LanguageError, Message
from vitascope.director.language.recipes import Workshop, new_recipe
from vitascope.director.language.settings import Settings, SettingsError, settings_from

__all__ = [
    "Asks",
    "Endpoint",
    "LanguageDirector",
    "LanguageError",
    "Message",
    "Settings",
    "SettingsError",
    "Workshop",
    "new_recipe",
    "settings_from",
]
