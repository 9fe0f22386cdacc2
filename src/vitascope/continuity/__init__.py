"""What an edit need not draw again: addresses of frames and chunks, and the store that keeps what was made."""

from vitascope.continuity.settings import StoreError, open_store, parse_size, store_folder, store_limit
from vitascope.continuity.store import Store

__all__ = ["Store", "StoreError", "open_store", "parse_size", "store_folder", "store_limit"]
