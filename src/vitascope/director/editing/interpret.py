"""`interpret(words, conversation)`: an instruction about a film to a typed edit, a question, or a plain no."""

from __future__ import annotations

from collections.abc import Mapping

from vitascope.director.crewing import wants_nobody
from vitascope.director.editing.bench import Already, Ambiguous, Bench, Unclear
from vitascope.director.editing.camera import approach, film_it
from vitascope.director.editing.commands import command
from vitascope.director.editing.finishing import finish_it
from vitascope.director.editing.history import going_back
from vitascope.director.editing.instructions import Instruction, instructions_of, polished
from vitascope.director.editing.lengths import time_it
from vitascope.director.editing.nature import against_nature
from vitascope.director.editing.reply import (
    Choice,
    Conversation,
    Impossible,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Reply,
)
from vitascope.director.editing.scopes import Scope, ScopeError, take_scope
from vitascope.director.editing.shots import shoot_it
from vitascope.director.editing.sounds import sound_it
from vitascope.director.editing.standing import labels
from vitascope.director.editing.words import Run, edit_words, lowers, split_text, trimmed
from vitascope.director.languages import foreign_language
from vitascope.director.meaning import Meanings
from vitascope.director.relieving import relief
from vitascope.director.understanding import lexicon_of
from vitascope.director.wordnet import WordNet, system_wordnet
from vitascope.film import AddSubject, Change, ChangeCamera, Edit, Film, Reading
from vitascope.recipe import Catalogue

__all__ = ["WORDS_MOST", "interpret"]

WORDS_MOST = 300
_SYSTEM = object()
Picked = Mapping[tuple[int, int], tuple[str, ...]]


def interpret(
    words: str,
    conversation: Conversation,
    *,
    catalogue: Catalogue,
    wordnet: WordNet | object | None = _SYSTEM,
) -> Reply:
    """What `words` ask of the film of `conversation`. Pure: nothing is changed, a proposal only says what is to change.

    `wordnet` is the one of the system unless another or None is given. Whatever the words are, the answer is a reply.
    """
    dictionary = system_wordnet() if wordnet is _SYSTEM else wordnet
    meanings = Meanings(lexicon_of(catalogue), dictionary)  # type: ignore[arg-type]
    run = split_text(words)
    refusal = _refusal(run, meanings)
    if refusal is not None:
        return NotUnderstood(text=refusal, words=())
    back = going_back(polished(run, edit_words()), conversation, edit_words())
    if back is not None:
        return back
    return _answer(words, run, conversation, meanings, {})


def _refusal(run: Run, meanings: Meanings) -> str | None:
    """Why words are not read at all, or None."""
    count = sum(token.is_word for token in run)
    if count == 0 and not any(token.kind == "quote" for token in run):
        return "There are no words; say in a sentence what is to change, such as “make it sunset”."
    if count > WORDS_MOST:
        return f"The instruction has {count:,} words; up to {WORDS_MOST} are read, so say it shorter or in parts."
    language = foreign_language(run, meanings.lexicon)
    if language is not None:
        return f"This seems to be in {language}; instructions are read in English."
    return None


def _answer(words: str, run: Run, conversation: Conversation, meanings: Meanings, picked: Picked) -> Reply:
    bench = Bench(
        text=words,
        film=conversation.film,
        meanings=meanings,
        picked=picked,
        pointed=conversation.selection.subjects,
        salient=_salient(conversation),
    )
    try:
        _carry_out(bench, run, conversation)
    except Ambiguous as ambiguous:
        return _question(words, run, conversation, meanings, bench, picked, ambiguous)
    except Already as already:
        if not bench.operations:
            return NoChange(text=already.text)
        bench.already.append(already.text)
    except (Unclear, ScopeError) as unclear:
        return _impossible(bench, conversation.film) or _not_understood(unclear, bench)
    impossible = _impossible(bench, conversation.film)
    if impossible is not None:
        return impossible
    _relieve(bench, conversation.film)
    if not bench.operations or _same(bench.film, conversation.film):
        sentence = bench.already[0] if bench.already else "That changes nothing"
        return NoChange(text=_already(sentence))
    reading = bench.ledger.reading()
    return Proposal(edit=Edit(operations=tuple(bench.operations)), reading=reading, said=_sentence(bench.said))


def _relieve(bench: Bench, film: Film) -> None:
    """Drivers come and go with what they drive, unless the instruction wants nobody there."""
    if not bench.operations:
        return
    found = relief(film, bench.film, bench.catalogue)
    nobody = wants_nobody((name for scene in bench.scenes for name in scene.negations), bench.catalogue)
    for operation in found.operations:
        if not (nobody and isinstance(operation, Change) and isinstance(operation.what, AddSubject)):
            bench.do(operation)
    bench.said += () if nobody else found.said


def _impossible(bench: Bench, film: Film) -> Impossible | None:
    """What nature has against the instruction as it was read."""
    edit = Edit(operations=tuple(bench.operations))
    found = (against_nature(film, scene, edit, bench.catalogue) for scene in bench.scenes)
    return next((reply for reply in found if reply is not None), None)


def _carry_out(bench: Bench, run: Run, conversation: Conversation) -> None:
    words = edit_words()
    parts = instructions_of(run, words, bench.meanings.lexicon, bench.meanings.wordnet)
    if not parts:
        raise Unclear("It is not said what is to change.")
    selection = conversation.selection
    standing = Scope(names=selection.shots, local=bool(selection.shots))
    if selection.span is not None:
        standing = Scope(names=selection.shots or (conversation.film.shots[0].id,), local=True,
                         start=selection.span.start, end=selection.span.end)  # fmt: skip
    for index, part in enumerate(parts):
        whole = part.run[0].lower in words.raw["lengthening"]
        scope, rest, taken = (None, part.run, []) if whole else take_scope(part.run, bench.film, words, selection)
        for piece in taken:
            bench.note(piece[0].start, piece[-1].end, "time", "when")
        if scope is not None and index == 0 and taken and part.run[:1] == taken[-1][:1]:
            standing = scope
        bench.scope = scope or standing
        _one(bench, part, rest)


def _one(bench: Bench, part: Instruction, run: Run) -> None:
    run = trimmed(run)
    said = bench.text[part.run[0].start : part.run[-1].end]
    if not run:
        raise Unclear(f"“{said}” says when, but not what is to change.", said)
    before = len(bench.operations), len(bench.already)
    bench.begun = len(bench.operations)
    try:
        done = (
            _enlarged(bench, run)
            or _unchanged(bench, run)
            or finish_it(bench, run)
            or shoot_it(bench, run, then=part.then)
            or time_it(bench, run)
            or sound_it(bench, run)
            or film_it(bench, run)
            or command(bench, run, then=part.then)
        )
    except Already as already:
        bench.already.append(already.text)
        done = True
    if not done or (len(bench.operations), len(bench.already)) == before:
        raise Unclear(f"I do not understand “{said}”.", said)
    if part.reason:
        _reason(bench, part.reason)


def _enlarged(bench: Bench, run: Run) -> bool:
    """ "zoom in and enlarge the house": a camera that comes closer enlarges."""
    zooming = any(isinstance(o, Change) and isinstance(o.what, ChangeCamera) for o in bench.operations)
    return zooming and run[0].lower in ("enlarge", "magnify") and len(run) > 1 and approach(bench, run[1:], closer=True)


def _unchanged(bench: Bench, run: Run) -> bool:
    """ "everything else stays the same", "leave the ball as it is": so it is kept without being said."""
    raw, low = edit_words().raw["unchanged"], lowers(run)
    said = " ".join(low)
    if set(low) & {"and", "but", "with", ","} or not set(low) & set(raw["starts"]):
        return False
    if not any(said.endswith(f" {end}") for end in raw["ends"]):
        return False
    bench.note(run[0].start, run[-1].end, "other", "as it is")
    raise Already("That stays as it is.")


def _reason(bench: Bench, run: Run) -> None:
    """What an instruction is for is carried out where it is an instruction of its own; else it is reported."""
    said = bench.text[run[0].start : run[-1].end]
    bench.ledger.note(run[0].start, run[-1].end, "other", "not_understood", "")
    bench.ledger.remarks.append(f"Not used: “{said}”.")


def _salient(conversation: Conversation) -> list[str]:
    """Subjects that earlier turns were about, the latest first."""
    found: list[str] = []
    for turn in reversed(conversation.turns):
        for operation in reversed(turn.edit.operations):
            what = getattr(operation, "what", None)
            subject = getattr(what, "subject", None)
            name = getattr(subject, "id", subject)
            if isinstance(name, str) and name not in found:
                found.append(name)
    return found


def _same(film: Film, before: Film) -> bool:
    """Whether two films show and sound alike; what a camera was composed for and who dressed for what counts for nothing."""

    def plain(one: Film) -> Film:
        shots = tuple(s.model_copy(update={"composition": None, "dressed_for": None}) for s in one.shots)
        return one.model_copy(update={"shots": shots})

    return plain(film) == plain(before)


# Sentences ------------------------------------------------------------------------------------------------------------


def _sentence(said: list[str]) -> str:
    if not said:
        return "That is done."
    parts = said if len(said) < 3 else [", ".join(said[:-1]), said[-1]]
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]} now."


def _already(sentence: str) -> str:
    if sentence.endswith("."):
        return sentence
    if sentence.startswith("That "):
        return f"{sentence}."
    return f"{sentence[0].upper()}{sentence[1:]} already."


def _not_understood(unclear: Unclear | ScopeError, bench: Bench) -> NotUnderstood:
    words = tuple(getattr(unclear, "words", ()))
    phrases = bench.ledger.reading()
    return NotUnderstood(text=str(unclear), words=words, reading=phrases if phrases.phrases else Reading())


def _question(
    words: str, run: Run, conversation: Conversation, meanings: Meanings, bench: Bench, picked: Picked,
    ambiguous: Ambiguous,
) -> Reply:  # fmt: skip
    """Which one is meant: a choice for each that leads to an edit, and one for all of them."""
    names = ambiguous.subjects
    named = labels(bench.shot, names, bench.catalogue)
    options: list[tuple[tuple[str, ...], str]] = [((name,), named.get(name, name)) for name in names[:6]]
    options.append((names, "both" if len(names) == 2 else "all of them"))
    choices = []
    for chosen, label in options:
        reply = _answer(words, run, conversation, meanings, {**picked, ambiguous.key: chosen})
        if isinstance(reply, Proposal):
            choices.append(Choice(label=label, edit=reply.edit))
        elif isinstance(reply, Question | NotUnderstood):
            return reply
    if not choices:
        return NoChange(text="It is so already.")
    if len(choices) == 1 and len(options) == 2:
        return _answer(words, run, conversation, meanings, {**picked, ambiguous.key: names})
    listed = [choice.label for choice in choices]
    text = f"Which {ambiguous.words} do you mean: {', '.join(listed[:-1])} or {listed[-1]}?" if len(listed) > 1 else (
        f"Do you mean {listed[0]}?")  # fmt: skip
    return Question(text=text, choices=tuple(choices))
