"""A film as a storyboard: shots as they are filmed, and as they are to be. Pure values; together they make one typed edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from vitascope.film import (
    AddShot,
    Edit,
    EditError,
    Film,
    FilmOperation,
    MoveShot,
    RemoveShot,
    ReplaceShot,
    Shot,
    frame_count,
)
from vitascope.film.wording import does, plain
from vitascope.jobs.shelf import DrawnChunk
from vitascope.web.strings import say

__all__ = ["Board", "Standing", "board_of", "described", "edit_between", "progress_of"]

Standing = Literal["filmed", "changed", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`filmed` are the shots of the take, `wanted` those on the cards. `words` is what was written, by the id of the shot."""

    filmed: tuple[Shot, ...]
    wanted: tuple[Shot, ...]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Whether the cards are different from what is filmed, in their shots or in their order."""
        return self.filmed != self.wanted

    def shot(self, name: str) -> Shot:
        """The shot on a card. Raises EditError."""
        found = next((shot for shot in self.wanted if shot.id == name), None)
        if found is None:
            raise EditError(say("storyboard.gone"))
        return found

    def standing(self, name: str) -> Standing:
        """Whether a card is filmed as it is, was changed since, or is new."""
        before = next((shot for shot in self.filmed if shot.id == name), None)
        return "new" if before is None else "filmed" if before == self.shot(name) else "changed"

    def free_id(self) -> str:
        """An id for one more shot."""
        taken = {shot.id for shot in (*self.filmed, *self.wanted)}
        return next(name for n in range(1, len(taken) + 2) if (name := f"shot-{n}") not in taken)

    def added(self, shot: Shot, words: str = "", *, before: str | None = None) -> Board:
        """With one more card, before another or at the end."""
        at = len(self.wanted) if before is None else self._index(before)
        return self._with((*self.wanted[:at], shot, *self.wanted[at:]), {**self.words, shot.id: words})

    def rewritten(self, name: str, shot: Shot, words: str) -> Board:
        """With another shot on a card; it keeps its id."""
        at = self._index(name)
        other = shot.model_copy(update={"id": name})
        return self._with((*self.wanted[:at], other, *self.wanted[at + 1 :]), {**self.words, name: words})

    def moved(self, name: str, to: int) -> Board:
        """With a card at another place, counted from 0 among all cards."""
        shot = self.shot(name)
        others = [one for one in self.wanted if one.id != name]
        at = min(max(to, 0), len(others))
        return self._with((*others[:at], shot, *others[at:]), self.words)

    def duplicated(self, name: str) -> Board:
        """With a card once more behind itself."""
        at = self._index(name)
        copy = self.wanted[at].model_copy(update={"id": self.free_id()})
        words = {**self.words, copy.id: self.words.get(name, "")}
        return self._with((*self.wanted[: at + 1], copy, *self.wanted[at + 1 :]), words)

    def removed(self, name: str) -> Board:
        """With a card less. Raises EditError for the only one."""
        at = self._index(name)
        if len(self.wanted) == 1:
            raise EditError(say("storyboard.only_one"))
        return self._with((*self.wanted[:at], *self.wanted[at + 1 :]), self.words)

    def edit(self) -> Edit:
        """What makes the film as it is wanted out of the one that is filmed."""
        return edit_between(self.filmed, self.wanted)

    def edit_of(self, name: str) -> Edit:
        """What films this card alone; a new one goes behind the filmed one that it lies behind."""
        shot = self.shot(name)
        if self.standing(name) == "changed":
            return Edit(operations=(ReplaceShot(old=name, shot=shot),))
        there = [one.id for one in self.filmed]
        ahead = [one.id for one in self.wanted[: self._index(name)] if one.id in there]
        at = there.index(ahead[-1]) + 1 if ahead else 0
        return edit_between(self.filmed, (*self.filmed[:at], shot, *self.filmed[at:]))

    def upon(self, film: Film) -> Board:
        """The same wishes upon another take: cards that were as filmed are as they are there."""
        then = {shot.id: shot for shot in self.filmed}
        now = {shot.id: shot for shot in film.shots}
        kept = [now.get(one.id) if then.get(one.id) == one else one for one in self.wanted]
        wanted = [one for one in kept if one is not None]
        in_order = [one.id for one in self.wanted if one.id in then] == [i for i in then if self._has(i)]
        if in_order:  # nobody moved a card, so the order is that of the film
            place = {name: number for number, name in enumerate(now)}
            moved = iter(sorted((one for one in wanted if one.id in now), key=lambda one: place[one.id]))
            wanted = [next(moved) if one.id in now else one for one in wanted]
        for number, shot in enumerate(film.shots):
            if shot.id not in then and not any(one.id == shot.id for one in wanted):
                ahead = film.shots[number - 1].id if number else None
                at = next(
                    (k + 1 for k, one in enumerate(wanted) if one.id == ahead), 0 if ahead is None else len(wanted)
                )
                wanted.insert(at, shot)
        return Board(filmed=film.shots, wanted=tuple(wanted) or film.shots, words=self.words)

    def _has(self, name: str) -> bool:
        return any(shot.id == name for shot in self.wanted)

    def _index(self, name: str) -> int:
        return self.wanted.index(self.shot(name))

    def _with(self, wanted: Sequence[Shot], words: Mapping[str, str]) -> Board:
        return replace(self, wanted=tuple(wanted), words=dict(words))


def board_of(film: Film) -> Board:
    """The cards of a film as it is filmed."""
    return Board(filmed=film.shots, wanted=film.shots)


def edit_between(before: Sequence[Shot], after: Sequence[Shot]) -> Edit:
    """The edit that makes the shots `after` out of those `before`; both have at least one."""
    return Edit(operations=tuple(_operations(before, after)))


def _operations(before: Sequence[Shot], after: Sequence[Shot]) -> Iterator[FilmOperation]:
    then, now = {shot.id: shot for shot in before}, {shot.id: shot for shot in after}
    yield from (ReplaceShot(old=name, shot=now[name]) for name in now if name in then and now[name] != then[name])
    order = [shot.id for shot in before]
    following: str | None = None
    for shot in reversed(after):  # from the end, so that whatever a shot goes before is in its place already
        if shot.id not in then:
            yield AddShot(shot=shot, before=following)
        elif _next(order, shot.id, now) != following:
            yield MoveShot(shot=shot.id, before=following)
            order.remove(shot.id)
        if shot.id not in order:
            order.insert(len(order) if following is None else order.index(following), shot.id)
        following = shot.id
    yield from (RemoveShot(shot=name) for name in then if name not in now)


def _next(order: Sequence[str], name: str, kept: Mapping[str, Shot]) -> str | None:
    """Which of the kept shots comes after one."""
    return next((one for one in order[order.index(name) + 1 :] if one in kept), None)


def described(shot: Shot) -> str:
    """What happens in a shot, from its document: "The cat walks, then sits; the boat sails"."""
    names = {subject.id: subject.name for subject in shot.subjects}
    said = []
    for subject in shot.subjects:
        acts = [
            " ".join(filter(None, (does(action.verb), names.get(action.target or "", ""))))
            for action in sorted(subject.actions, key=lambda action: action.span.start)
        ]
        said.append(" ".join(filter(None, (subject.name, ", ".join(acts)))))
    text = "; ".join(said) or plain(shot.set.place)
    return text[:1].upper() + text[1:]


def progress_of(film: Film, chunks: Sequence[DrawnChunk]) -> dict[str, float]:
    """Which share 0..1 of each shot is drawn, by the id of the shot."""
    found: dict[str, float] = {}
    began = 0
    for shot in film.shots:
        frames = frame_count(shot.duration, film.fps)
        drawn = sum(one.frames for one in chunks if one.address and began <= one.first < began + frames)
        found[shot.id] = min(1.0, drawn / frames)
        began += frames
    return found
