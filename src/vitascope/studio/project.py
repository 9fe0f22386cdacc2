"""A project: a folder with takes in it, and the head that says which one is current.

A take's folder appears under its name whole or not at all: it is made in a hidden folder beside, under a lock that the
system lets go when the process ends, and renamed. Whatever a process that was killed left behind is swept by the next.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from vitascope.provenance import vitascope_home
from vitascope.studio.errors import ProjectError
from vitascope.studio.head import Head
from vitascope.studio.lock import held, locked, try_lock
from vitascope.studio.take import RECORD, Take, read_take, take_to_json

__all__ = ["Draft", "Project", "default_project"]

PROJECT_VERSION = 1
SETTING = "VITASCOPE_PROJECT"
MARK, HEAD, TAKES, LOCK = "project.json", "head.json", "takes", ".lock"
HISTORY = "history"
PART, HELD, GONE = ".part", ".held", ".gone"
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
LETTER_COUNT = 5
"""Letters after a take's number: what two processes that count alike are told apart by."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A take in the making: its id, and the hidden folder that its files go into."""

    id: str
    folder: Path


def default_project() -> Path:
    """$VITASCOPE_PROJECT, else `projects/default` in the folder for what Vitascope keeps."""
    named = os.environ.get(SETTING)
    return Path(named).expanduser() if named else vitascope_home() / "projects" / "default"


class Project:
    """The project in `folder`, which need not exist yet: the first take makes it.

    Raises ProjectError when `folder` holds something else, or a project of a newer program.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._takes = folder / TAKES
        if folder.exists() and not folder.is_dir():
            raise ProjectError(f"This is a file; a project is a folder. Give a new or an empty folder: {folder}")
        if (folder / MARK).exists():
            self._check_version()
        elif folder.is_dir() and any(entry.name != LOCK for entry in folder.iterdir()):
            raise ProjectError(
                f"This folder is no project, for it holds other things; give a new or an empty one: {folder}"
            )

    @property
    def history(self) -> Path:
        """Where the lines of a conversation in the terminal are kept."""
        return self.folder / HISTORY

    def make(self) -> None:
        """Makes the folder a project if it is none yet. Raises ProjectError."""
        with self._locked():
            pass

    def ids(self) -> list[str]:
        """The ids of all takes, oldest first."""
        if not self._takes.is_dir():
            return []
        return sorted((p.name for p in self._takes.iterdir() if not p.name.startswith(".")), key=_order)

    def take(self, take_id: str) -> Take:
        """The take with this id. Raises ProjectError."""
        if take_id not in self.ids():
            raise ProjectError(f"There is no take {take_id!r} in this project: {self.folder}")
        return read_take(self._takes / take_id)

    def line(self, take_id: str) -> list[Take]:
        """The takes from the first one to `take_id`, as far back as they are there and whole. Raises ProjectError."""
        found = [self.take(take_id)]
        there = set(self.ids())
        while (above := found[-1].parent) in there and above not in {take.id for take in found}:
            try:
                found.append(read_take(self._takes / above))
            except ProjectError:
                break
        return found[::-1]

    def head(self) -> Head:
        """Where the conversation is. A head that leads nowhere counts as the newest take."""
        ids = self.ids()
        try:
            head = Head.model_validate_json((self.folder / HEAD).read_bytes())
        except (OSError, ValidationError):
            head = Head()
        if head.current not in ids:
            head = head.model_copy(update={"current": ids[-1] if ids else None})
        return head.model_copy(update={"left": {a: b for a, b in head.left.items() if a in ids and b in ids}})

    def move(self, take_id: str) -> None:
        """Makes a take the current one. Raises ProjectError."""
        with self._locked():
            self._write(HEAD, self._moved(take_id))

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """A hidden folder for a new take, removed at the end unless `file` gave it its name."""
        with self._locked():
            self._sweep()
            draft = self._reserve()
            lock = try_lock(self._beside(draft.id, HELD))
        try:
            yield draft
        finally:
            if lock is not None:
                lock.close()
            shutil.rmtree(draft.folder, ignore_errors=True)
            self._beside(draft.id, HELD).unlink(missing_ok=True)

    def file(self, draft: Draft, take: Take) -> Take:
        """Gives a finished draft its name, makes it current, and returns it. Raises ProjectError.

        A parent that was deleted meanwhile leaves a take that is the first of its line.
        """
        with self._locked():
            if take.parent is not None and take.parent not in self.ids():
                take = take.model_copy(update={"parent": None, "edit": None})
            filed = take.model_copy(update={"folder": self._takes / take.id})
            try:
                _write_through(draft.folder / RECORD, take_to_json(filed))
                for name in filed.files:
                    _flush(draft.folder / name)
                waiting = self._prepare(HEAD, self._moved(take.id))
                os.rename(draft.folder, filed.folder)
                os.replace(waiting, self.folder / HEAD)
            except OSError as error:
                raise _unwritten(error, self.folder) from error
            _flush_folder(self._takes)
        return filed

    def mark(self, take_id: str, **fields: object) -> Take:
        """The take with another `name` or `starred`. Raises ProjectError."""
        with self._locked():
            take = self.take(take_id).model_copy(update=fields)
            self._write(f"{TAKES}/{take_id}/{RECORD}", take_to_json(take))
        return take

    def delete(self, take_id: str) -> None:
        """Deletes a take with its files; its children become those of its parent, with both edits. Raises ProjectError."""
        with self._locked():
            gone = self.take(take_id)
            for child in self._children(take_id):
                edit = None
                if gone.edit is not None and child.edit is not None:
                    both = (*gone.edit.operations, *child.edit.operations)
                    edit = child.edit.model_copy(update={"operations": both})
                moved = child.model_copy(update={"parent": gone.parent, "edit": edit})
                self._write(f"{TAKES}/{child.id}/{RECORD}", take_to_json(moved))
            self._write(HEAD, self.head().without(take_id, gone.parent).model_dump_json())
            away = self._beside(take_id, GONE)
            os.rename(gone.folder, away)
        shutil.rmtree(away, ignore_errors=True)

    def _moved(self, to: str) -> str:
        head = self.head()
        left: list[str] = []
        if head.current is not None:
            with suppress(ProjectError):
                left = [take.id for take in self.line(head.current)]
        return head.moved(to, left).model_dump_json()

    def _children(self, take_id: str) -> list[Take]:
        found = []
        for other in self.ids():
            with suppress(ProjectError):
                take = read_take(self._takes / other)
                if take.parent == take_id:
                    found.append(take)
        return found

    def _check_version(self) -> None:
        try:
            raw = json.loads((self.folder / MARK).read_bytes())
            known = raw["schema"] == "vitascope.project"
            version = raw["version"]
        except (OSError, ValueError, LookupError, TypeError):
            known, version = False, None
        if not known or not isinstance(version, int):
            raise ProjectError(f"The mark of this project is damaged; restore or delete it: {self.folder / MARK}")
        if version > PROJECT_VERSION:
            raise ProjectError(
                f"This project was made by a newer program (version {version}; this one reads {PROJECT_VERSION}); use "
                f"that program, or a newer one: {self.folder}"
            )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._takes.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / LOCK):
                if not (self.folder / MARK).exists():
                    mark = {"schema": "vitascope.project", "version": PROJECT_VERSION}
                    self._write(MARK, json.dumps(mark))
                yield
        except OSError as error:
            raise _unwritten(error, self.folder) from error

    def _write(self, name: str, text: str) -> None:
        """Replaces a file of the project in one step. Only under the lock."""
        os.replace(self._prepare(name, text), self.folder / name)

    def _prepare(self, name: str, text: str) -> Path:
        waiting = self.folder / f".{name.replace('/', '.')}{PART}"
        try:
            _write_through(waiting, text + "\n" * (not text.endswith("\n")))
        except OSError:
            waiting.unlink(missing_ok=True)
            raise
        return waiting

    def _reserve(self) -> Draft:
        working = [entry.name[1:] for entry in self._takes.glob(f".*{PART}")]
        numbers = [_order(name)[0] for name in (*self.ids(), *working)]
        while True:
            letters = "".join(secrets.choice(LETTERS) for _ in range(LETTER_COUNT))
            draft_id = f"{max(numbers, default=0) + 1:04d}-{letters}"
            folder = self._beside(draft_id, PART)
            with suppress(FileExistsError):
                folder.mkdir()
                return Draft(draft_id, folder)

    def _beside(self, take_id: str, ending: str) -> Path:
        return self._takes / f".{take_id}{ending}"

    def _sweep(self) -> None:
        """Removes what processes left that ended in the middle. Only under the lock."""
        for entry in self._takes.glob(f".*{GONE}"):
            shutil.rmtree(entry, ignore_errors=True)
        for entry in self._takes.glob(f".*{PART}"):
            lock = self._beside(entry.name[1 : -len(PART)], HELD)
            if not lock.exists() or not held(lock):
                shutil.rmtree(entry, ignore_errors=True)
                lock.unlink(missing_ok=True)


def _order(take_id: str) -> tuple[int, str]:
    number = take_id.split("-")[0]
    return (int(number) if number.isascii() and number.isdigit() else 0, take_id)


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    with suppress(OSError):  # not every system opens folders; the rename has happened
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritten(error: OSError, folder: Path) -> ProjectError:
    reason = error.strerror or type(error).__name__
    return ProjectError(f"The project cannot be written ({reason}), so nothing in it was changed: {folder}")
