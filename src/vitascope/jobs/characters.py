"""Subjects that a workspace keeps under names, and what they look like when a film asks for them."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Sequence
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from vitascope.film import Film, Subject, film_from_json
from vitascope.jobs.audit import record
from vitascope.jobs.database import Database
from vitascope.jobs.desk import Character
from vitascope.jobs.drafting import Part
from vitascope.jobs.errors import Conflict, Invalid, Missing
from vitascope.jobs.ids import new_id
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import CharacterRow, VideoRow
from vitascope.jobs.values import Caller, State
from vitascope.jobs.videos import find

__all__ = ["Characters"]

NAME_LONGEST = 80
MOST = 2
"""Characters of one film."""
_READ_BYTES = 1 << 20
_IN_MEMORY = 8 << 20


class Characters:
    """All of the server; every method looks in one workspace only."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database, self._storage = database, storage

    def create(self, caller: Caller, name: str, film: BinaryIO | str) -> Character:
        """Keep a subject from a film of the workspace, by its id or as the file that it was downloaded as.

        Other footage is kept as it is, for engines that can look at it; ours cannot. Raises Invalid, Missing, Conflict.
        """
        name = _checked_name(name)
        row = CharacterRow(
            id=new_id("char"), workspace=caller.workspace, account=caller.account, name=name, subject=None, source=None,
            consent={}, created_at=int(time.time()),
        )  # fmt: skip
        if isinstance(film, str):
            with self._database.session() as session:
                found = find(session, caller.workspace, film)
            self._take_from(row, found)
        else:
            self._take_from_file(row, film)
        with self._database.writing() as session:
            session.add(row)
            record(session, "character.create", caller=caller, object=row.id)
        return _value(row)

    def get(self, workspace: str, character: str) -> Character:
        """Raises Missing."""
        with self._database.session() as session:
            return _value(_find(session, workspace, character))

    def all(self, workspace: str) -> list[Character]:
        """By name."""
        wanted = select(CharacterRow).where(CharacterRow.workspace == workspace)
        with self._database.session() as session:
            return [_value(row) for row in session.scalars(wanted.order_by(CharacterRow.name, CharacterRow.id))]

    def delete(self, caller: Caller, character: str) -> None:
        """Films that use it stay as they are. Raises Missing."""
        with self._database.writing() as session:
            row = _find(session, caller.workspace, character)
            source = row.source
            session.delete(row)
            record(session, "character.delete", caller=caller, object=character)
        if source is not None:
            self._storage.delete(source)

    def parts(self, workspace: str, wanted: Sequence[str]) -> list[Part]:
        """The characters with these ids, to be filmed. Raises Missing, and Invalid for what cannot be."""
        if len(wanted) > MOST:
            raise Invalid(f"{len(wanted)} characters were given; give up to {MOST}.", param="characters")
        with self._database.session() as session:
            rows = [_find(session, workspace, one) for one in wanted]
        unseen = next((row for row in rows if row.subject is None), None)
        if unseen is not None:
            raise Invalid(
                f"The character {unseen.name!r} was made from footage that no engine here can look at; make it from a film "
                "of this workspace.",
                param="characters",
            )
        return [Part(name=row.name, subject=Subject.model_validate_json(row.subject or "")) for row in rows]

    def _take_from(self, row: CharacterRow, video: VideoRow) -> None:
        if video.state != State.COMPLETED:
            raise Conflict(
                f"The film {video.id} is {video.state}; a character can be made from it once it is completed."
            )
        if video.film is None:
            raise Invalid(
                f"The film {video.id} was made by the engine {video.engine!r}, so it is not known who is in it; give a film "
                'of the engine "world".',
                param="video",
            )
        row.subject = _subject(film_from_json(video.film), row.name).model_dump_json()

    def _take_from_file(self, row: CharacterRow, film: BinaryIO) -> None:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as kept:
            digest = hashlib.sha256()
            while piece := film.read(_READ_BYTES):
                digest.update(piece)
                kept.write(piece)
            with self._database.session() as session:
                video = session.scalars(
                    select(VideoRow)
                    .where(VideoRow.workspace == row.workspace, VideoRow.sha256 == digest.hexdigest())
                    .limit(1)
                ).first()
            if video is not None:
                self._take_from(row, video)
                return
            kept.seek(0)
            key = f"characters/{row.id}/source.mp4"
            self._storage.put(key, kept.read(), media_type="video/mp4")
            row.source = key


def _find(session: Session, workspace: str, character: str) -> CharacterRow:
    row = session.get(CharacterRow, character)
    if row is None or row.workspace != workspace:
        raise Missing(f"There is no character {character!r} here.", param="character_id")
    return row


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LONGEST or not name.isprintable():
        raise Invalid(
            f"A name of {len(name)} letters was given; give 1 to {NAME_LONGEST} printable ones.", param="name"
        )
    return name


def _subject(film: Film, name: str) -> Subject:
    """Who of a film is kept: the one that is called so, else the one that the film is about."""
    subjects = [subject for shot in film.shots for subject in shot.subjects]
    if not subjects:
        raise Invalid("Nobody is in this film; give one with a subject.", param="video")
    called = [one for one in subjects if one.name.casefold() == name.casefold()]
    return (called or subjects)[0].model_copy(update={"actions": ()})


def _value(row: CharacterRow) -> Character:
    return Character(id=row.id, workspace=row.workspace, name=row.name, created_at=row.created_at)
