"""What an edit need not draw again: addresses of frames and chunks, and the store that keeps what was made."""

from vitascope.continuity.address import (
    FINISHING,
    Making,
    Part,
    StageDigest,
    chunk_address,
    plate_address,
    remembering,
)
from vitascope.continuity.digest import digest_of, plain
from vitascope.continuity.engine import engine_fingerprint, sound_fingerprint
from vitascope.continuity.patch import Patch, pack_patch, unpack_patch
from vitascope.continuity.plate import PlateError, pack_plate, unpack_plate
from vitascope.continuity.settings import StoreError, open_store, parse_size, store_folder, store_limit
from vitascope.continuity.shots import ShotDigests
from vitascope.continuity.store import Store

__all__ = [
    "FINISHING",
    "Making",
    "Part",
    "Patch",
    "PlateError",
    "ShotDigests",
    "StageDigest",
    "Store",
    "StoreError",
    "chunk_address",
    "digest_of",
    "engine_fingerprint",
    "open_store",
    "pack_patch",
    "pack_plate",
    "parse_size",
    "plain",
    "plate_address",
    "remembering",
    "sound_fingerprint",
    "store_folder",
    "store_limit",
    "unpack_patch",
    "unpack_plate",
]
