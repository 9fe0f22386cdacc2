"""What an edit need not draw again: addresses of frames and chunks, and the store that keeps what was made."""

from vitascope.continuity.address import Making, StageDigest, chunk_address, plate_address, remembering
from vitascope.continuity.engine import engine_fingerprint
from vitascope.continuity.settings import StoreError, open_store, parse_size, store_folder, store_limit
from vitascope.continuity.shots import ShotDigests
from vitascope.continuity.store import Store

__all__ = [
    "Making",
    "ShotDigests",
    "StageDigest",
    "Store",
    "StoreError",
    "chunk_address",
    "engine_fingerprint",
    "open_store",
    "parse_size",
    "plate_address",
    "remembering",
    "store_folder",
    "store_limit",
]
