"""A chunk as a fragment that a browser appends to what it plays (Media Source Extensions), its packets unchanged."""

from __future__ import annotations

import io

import av
from av.error import FFmpegError

from vitascope.media.chunk import EncodedChunk
from vitascope.media.errors import MediaError

__all__ = ["fragment"]

_OPTIONS = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}


def fragment(chunk: EncodedChunk) -> bytes:
    """The chunk as fragmented MP4 that can stand alone: its first frame is at 0 s, and none is hidden by an edit list.

    Raises MediaError for a chunk that is not whole.
    """
    out = io.BytesIO()
    with chunk.opened() as (source, packets):
        stream = source.streams.video[0]
        try:
            with av.open(out, "w", format="mp4", options=_OPTIONS) as target:
                copy = target.add_stream_from_template(stream)
                for packet in packets:
                    packet.stream = copy
                    target.mux(packet)
        except FFmpegError as error:
            raise MediaError("This piece of film cannot be made ready for a browser.") from error
    return out.getvalue()
