"""What these tests share with their neighbours."""

from tests.operations.moving import house

__all__ = ["house"]
