"""Films and stills as files: encode, decode, mux. The only importer of av. Knows nothing of scenes or marks."""

from vitascope.media.destination import check_destination, publish, workplace
from vitascope.media.errors import MediaError, describe_write_failure
from vitascope.media.reader import Probe, probe, read_frames, read_frames_at
from vitascope.media.still import contact_sheet, encode_poster, write_still
from vitascope.media.tracks import Quality
from vitascope.media.writer import FilmWriter

__all__ = [
    "FilmWriter",
    "MediaError",
    "Probe",
    "Quality",
    "check_destination",
    "contact_sheet",
    "describe_write_failure",
    "encode_poster",
    "probe",
    "publish",
    "read_frames",
    "read_frames_at",
    "workplace",
    "write_still",
]
