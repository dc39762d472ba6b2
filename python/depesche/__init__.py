"""Who did what to whom, who said what, when and where: event extraction from German news.

>>> import depesche
>>> engine = depesche.load("de")
>>> doc = engine.read("Frankreich hat den Angriff auf das Dorf verurteilt.", date="2025-04-08")
>>> doc.text
'Frankreich hat den Angriff auf das Dorf verurteilt.'
"""

from ._corpus import Corpus
from ._depesche import __version__
from ._engine import Engine, load
from ._errors import ArgumentError, DataError, DateError, Error, MissingError, ModelError, ReadError, TooLargeError
from ._frames import Frame
from ._objects import Document, Entity, Event, Found, Mention, Party, Role, Span, Statement, Time, Token, Why

__all__ = [
    "ArgumentError",
    "Corpus",
    "DataError",
    "DateError",
    "Document",
    "Engine",
    "Entity",
    "Error",
    "Event",
    "Found",
    "Frame",
    "Mention",
    "MissingError",
    "ModelError",
    "Party",
    "ReadError",
    "Role",
    "Span",
    "Statement",
    "Time",
    "Token",
    "TooLargeError",
    "Why",
    "__version__",
    "load",
]
