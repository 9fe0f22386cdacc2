"""Joins a picture track and a sound track into one fast-start MP4 without encoding again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from vitascope.media.errors import MediaError
from vitascope.media.format import file_options


def mux(
    pictures: Path, sound: Path | None, target: Path, *, fps: Fraction, duration: Fraction, metadata: Mapping[str, str]
) -> None:
    """Write `target` from the tracks, packets in the order of their times, the index in front of the media.

    Sound that starts at or after `duration` [s] is left out. `metadata` becomes tags of the file; no time of making is
    written. Raises MediaError if the file on disk is not as long as what was put in, and OSError from the system.
    """
    options = {"movflags": "+faststart+use_metadata_tags", **file_options(fps.numerator)}
    with av.open(str(target), "w", format="mp4", options=options) as output:
        output.metadata.update(metadata)
        with av.open(str(pictures), "r") as picture_input:
            if sound is None:
                written = _copy(output, _packets(picture_input, output))
            else:
                with av.open(str(sound), "r") as sound_input:
                    picture_packets = _packets(picture_input, output)
                    sound_packets = _packets(sound_input, output, until=duration)
                    written = _copy(output, _in_time_order(picture_packets, sound_packets))
    if target.stat().st_size <= written:
        raise MediaError(f"The film on disk is shorter than what was written; check the disk and try again: {target}")


def _packets(source: InputContainer, output: OutputContainer, until: Fraction | None = None) -> Iterator[Packet]:
    copy = output.add_stream_from_template(source.streams[0])

    def read() -> Iterator[Packet]:
        for packet in source.demux():
            if packet.dts is None or packet.time_base is None or packet.pts is None:
                continue
            if until is not None and packet.pts * packet.time_base >= until:
                return
            packet.stream = copy
            yield packet

    return read()


def _in_time_order(first: Iterator[Packet], second: Iterator[Packet]) -> Iterator[Packet]:
    left, right = next(first, None), next(second, None)
    while left is not None or right is not None:
        if right is None or (left is not None and _decode_time(left) <= _decode_time(right)):
            assert left is not None
            yield left
            left = next(first, None)
        else:
            yield right
            right = next(second, None)


def _decode_time(packet: Packet) -> Fraction:
    assert packet.dts is not None
    assert packet.time_base is not None
    return packet.dts * packet.time_base


def _copy(output: OutputContainer, packets: Iterator[Packet]) -> int:
    byte_count = 0
    for packet in packets:
        byte_count += packet.size
        output.mux(packet)
    return byte_count
