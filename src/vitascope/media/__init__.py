"""Films and stills as files: encode, decode, mux. The only importer of av. Knows nothing of scenes or marks."""

from vitascope.media.chunk import ChunkEncoder, EncodedChunk, chunk_length, encode_chunks
from vitascope.media.destination import check_destination, copy_whole, publish, workplace
from vitascope.media.errors import MediaError, describe_write_failure
from vitascope.media.format import Quality
from vitascope.media.fragment import fragment
from vitascope.media.listening import read_sound, write_sound
from vitascope.media.opening import OpeningEncoder
from vitascope.media.reader import Probe, probe, read_frame, read_frames, read_frames_at
from vitascope.media.still import contact_sheet, encode_poster, encode_still, read_still, scale_down, write_still
from vitascope.media.writer import FilmWriter

__all__ = [
    "ChunkEncoder",
    "EncodedChunk",
    "FilmWriter",
    "MediaError",
    "OpeningEncoder",
    "Probe",
    "Quality",
    "check_destination",
    "chunk_length",
    "contact_sheet",
    "copy_whole",
    "describe_write_failure",
    "encode_chunks",
    "encode_poster",
    "encode_still",
    "fragment",
    "probe",
    "publish",
    "read_frame",
    "read_frames",
    "read_frames_at",
    "read_sound",
    "read_still",
    "scale_down",
    "workplace",
    "write_sound",
    "write_still",
]
