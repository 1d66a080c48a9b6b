"""Reading what shoppers type, without a database."""

from kroi.catalogue.understanding.rules.meaning import Understood, understand
from kroi.catalogue.understanding.rules.names import Model, Vocabulary

__all__ = ["Model", "Understood", "Vocabulary", "understand"]
