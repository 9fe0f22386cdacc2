"""Sound in words: louder, quieter, silent, music, and what is said by a narrator or by somebody in the film."""

from __future__ import annotations

from fractions import Fraction

from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.comparing import comparison_in, degree_of
from vitascope.director.editing.phrases import first_noun
from vitascope.director.editing.references import References
from vitascope.director.editing.words import Run, edit_words, lowers, number_of, trimmed
from vitascope.director.morphology import noun_lemmas
from vitascope.film import AddCue, Change, ChangeFilm, Cue, Level, RemoveCue, SetLevel, Shot, Span

__all__ = ["sound_it"]

STEP = 6.0
"""Decibels of one step louder or quieter."""
LOUDEST, SOFTEST = 20.0, -60.0
WORDS_A_SECOND = Fraction(5, 2)
SHORTEST = Fraction(3, 2)
SPOKEN = {"narration": "narration", "narrator": "narration", "voiceover": "narration", "voice": "narration",
          "dialogue": "dialogue", "dialog": "dialogue", "line": "dialogue"}  # fmt: skip
MUTING = frozenset(("mute", "silence", "hush"))
UNMUTING = frozenset(("unmute",))


def sound_it(bench: Bench, run: Run) -> bool:
    """Carry out `run` if it is about sound."""
    return (
        _spoken(bench, run) or _muted(bench, run) or _louder(bench, run) or _music(bench, run) or _silenced(bench, run)
    )


# What is said ---------------------------------------------------------------------------------------------------------


def _spoken(bench: Bench, run: Run) -> bool:
    """'the man says "…"', 'add a narration: "…"'."""
    low = lowers(run)
    quote = next((token for token in run if token.kind == "quote"), None)
    narrated = any(text in ("narration", "narrator", "voiceover", "narrate") or (
        text == "voice" and low[i + 1 : i + 2] == ("over",)) for i, text in enumerate(low))  # fmt: skip
    says = next((i for i, text in enumerate(low) if text in edit_words().raw["says"]), None)
    if low[0] in edit_words().verbs["remove"] or low[0] in ("no", "without", "mute", "stop"):
        return False
    if quote is None:
        text = _unquoted(bench, run, says) if narrated and says is not None else None
        if text is None:
            return False
    else:
        text = quote.text[1:-1].strip()
    if not narrated and says is None and not (quote is not None and {"dialogue", "dialog", "line"} & set(low)):
        return False
    if not text:
        raise Unclear("It is not said what is to be spoken.")
    speaker = None
    if not narrated:
        speaker = _speaker(bench, run, says, quote)
    _say_cue(bench, "narration" if narrated else "dialogue", text, speaker)
    for token in run:
        bench.note(token.start, token.end, "sound", "narration" if narrated else "dialogue")
    return True


def _unquoted(bench: Bench, run: Run, says: int | None) -> str | None:
    """What follows "saying" up to the end, where there are no quotation marks."""
    if says is None or says + 1 >= len(run):
        return None
    rest = trimmed(run[says + 1 :])
    rest = rest[1:] if rest and rest[0].lower == "that" else rest
    return bench.text[rest[0].start : rest[-1].end] if rest else None


def _speaker(bench: Bench, run: Run, says: int | None, quote: object) -> str:
    before = run[: says if says is not None else len(run)]
    before = tuple(t for t in before if t.kind == "word")
    while before and before[0].lower in ("let", "make", "have", "add", "and", "then", "line", "dialogue"):
        before = before[1:]
    low = lowers(before)
    if "by" in low or "from" in low or "for" in low:
        before = before[max(low.index(w) for w in ("by", "from", "for") if w in low) + 1 :]
    noun = first_noun(before, bench.meanings) if before else None
    names = References(bench).named(noun) if noun is not None else ()
    people = names or tuple(
        s.id for s in bench.subjects().values() if bench.catalogue.recipe(s.recipe).kind == "person"
    )
    if not people:
        raise Unclear("There is nobody in the film who could say that.")
    bench.mention(people[:1])
    return people[0]


def _say_cue(bench: Bench, kind: str, text: str, speaker: str | None) -> None:
    shot = next((s for s in bench.shots if speaker is None or any(o.id == speaker for o in s.subjects)), bench.shot)
    span = bench.scope.span_in(bench.film, shot)
    length = max(SHORTEST, Fraction(len(text.split())) / WORDS_A_SECOND)
    start = span.start
    if not bench.scope.timed:
        start = max((c.span.end for c in shot.cues if c.kind in ("narration", "dialogue")), default=Fraction(1, 2))
        start = min(start, max(Fraction(0), shot.duration - length))
    cue = Cue(kind=kind, span=Span(start=start, end=min(shot.duration, start + length)), text=text, speaker=speaker)  # type: ignore[arg-type]
    _add(bench, shot, cue)
    who = "a narrator" if speaker is None else f"the {bench.subject(speaker).name}"
    bench.say(f"{who} says “{text}”")


def _add(bench: Bench, shot: Shot, cue: Cue) -> None:
    only = () if len(bench.film.shots) == 1 else (shot.id,)
    bench.do(Change(what=AddCue(cue=cue), shots=only))


# How loud -------------------------------------------------------------------------------------------------------------


def _name_of(run: Run) -> tuple[str, str] | None:
    """The sound that words name, and the word for it; "all" where none is named."""
    table = edit_words().raw["sounds"]
    for size in (2, 1):
        for at in range(len(run) - size + 1):
            low = lowers(run[at : at + size])
            for lemma in {" ".join(low), *(f"{' '.join(low[:-1])} {one}".strip() for one in noun_lemmas(low[-1]))}:
                for name, words in table.items():
                    if name != "all" and lemma in words:
                        return name, lemma
    return None


def _plain_sound(run: Run) -> bool:
    low = set(lowers(run))
    return bool(low & {"sound", "sounds", "audio", "volume", "noise", "noises", "loud", "soundtrack"})


def _muted(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    off = (
        low[0] in ("turn", "switch", "shut") and ("off" in low or "on" in low) and (_plain_sound(run) or "music" in low)
    )
    if not (low[0] in MUTING | UNMUTING or off):
        return False
    on = low[0] in UNMUTING or (off and "on" in low)
    rest = tuple(t for t in run[1:] if t.lower not in ("off", "on", "the", "sound", "sounds", "of", "all"))
    named = _name_of(rest)
    if (
        named is None
        and rest
        and rest[-1].lower not in ("it", "audio", "film", "video", "everything", "volume", "noise")
    ):
        raise Unclear(f"There is no sound called “{rest[-1].text}” here.", rest[-1].text)
    for token in run:
        bench.note(token.start, token.end, "sound", "heard" if on else "muted")
    name = named[0] if named else "all"
    if on and bench.film.silent:
        bench.do(ChangeFilm(silent=False))
    if on and not bench.operations and all(not v.muted for s in bench.shots for v in s.levels if v.name == name):
        raise Already("Nothing of that is muted.")
    _level(bench, name, muted=not on)
    what = "the sound" if name == "all" else f"the {named[1] if named else name}"
    bench.say(f"{what} is {'heard again' if on else 'muted'}")
    return True


def _louder(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    match = comparison_in(run)
    way = match[0].way if match is not None else ""
    steps, factor = degree_of(run)
    loud = "loud" in low and factor is not None
    turned = low[0] in ("turn", "raise", "lower", "increase", "decrease", "reduce", "boost") and (
        _plain_sound(run) or "up" in low or "down" in low) and (_plain_sound(run) or _name_of(run[1:]) is not None)  # fmt: skip
    if low[0] == "turn" and not {"up", "down"} & set(low):
        turned = False
    softened = way in ("softer", "more", "less", "stronger", "higher", "lower") and _plain_sound(run)
    if not (way in ("louder", "quieter") or turned or loud or softened):
        return False
    if turned and low[0] in ("raise", "lower", "increase", "reduce", "decrease") and not _plain_sound(run):
        return False
    up = way in ("louder", "more", "higher") or (turned and ("up" in low or low[0] in ("raise", "increase", "boost")))
    if loud and factor is not None:
        up = factor > 1
    named = _name_of(tuple(t for t in run if t.lower not in ("sound", "volume", "audio", "turn")))
    name = named[0] if named else "all"
    said = next((float(n) for i, t in enumerate(run) if (n := number_of(t)) is not None and i + 1 < len(run)
                 and run[i + 1].lower in ("db", "decibel", "decibels")), None)  # fmt: skip
    step = said if said is not None else STEP * steps * (10.0 / 6.0 if factor is not None else 1.0)
    now = next((level.gain_db for level in bench.shot.levels if level.name == name), 0.0)
    wanted = min(LOUDEST, max(SOFTEST, now + (step if up else -step)))
    if wanted == now:
        raise Already(f"It is as {'loud' if up else 'quiet'} as it can be already.")
    for token in run:
        bench.note(token.start, token.end, "sound", f"{wanted:+g} dB")
    _level(bench, name, gain=wanted)
    what = "the sound" if name == "all" else f"the {named[1] if named else name}"
    bench.say(f"{what} is {'louder' if up else 'quieter'}")
    return True


def _level(bench: Bench, name: str, *, gain: float | None = None, muted: bool = False) -> None:
    for shot in bench.shots:
        now = next((level for level in shot.levels if level.name == name), Level(name=name))
        wanted = Level(name=name, gain_db=now.gain_db if gain is None else gain, muted=muted)
        if wanted != now:
            bench.change_in(shot, SetLevel(level=wanted), timed=False)


# Music and silence ----------------------------------------------------------------------------------------------------


def _music(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    if not {"music", "soundtrack", "song", "score", "melody", "tune"} & set(low):
        return False
    if (
        low[0] in edit_words().verbs["remove"]
        or low[0] in ("no", "without", "stop", "end")
        or low[:2] == ("take", "away")
    ):
        return _gone(bench, run, "music")
    moods = edit_words().raw["musics"]
    mood = next((name for name, words in moods.items() for text in low if text in words), None)
    if mood is None and low[0] not in ("add", "with", "put", "play", "insert", "give", "use", "include", "need", "want",
                                       "bring", "music", "some", "background", "have", "change", "make"):  # fmt: skip
        return False
    playing = any(c.kind == "music" for s in bench.shots for c in s.cues)
    for shot in bench.shots:
        if playing and any(c.kind == "music" for c in shot.cues):
            bench.change_in(shot, RemoveCue(kind="music"), timed=False)
        _add(bench, shot, Cue(kind="music", span=bench.scope.span_in(bench.film, shot), text=mood or "calm"))
    for token in run:
        bench.note(token.start, token.end, "sound", f"{mood or 'calm'} music")
    bench.say(f"there is {mood or 'calm'} music")
    return True


def _silenced(bench: Bench, run: Run) -> bool:
    """ "no sound", "remove the narration", "without dialogue", "remove the sound of the wind"."""
    low = lowers(run)
    removing = low[0] in edit_words().verbs["remove"] or low[0] in ("no", "without", "stop", "get", "take")
    if not removing:
        return False
    spoken = next((SPOKEN[t] for t in low if t in SPOKEN), None)
    if spoken is not None:
        return _gone(bench, run, spoken)
    if not _plain_sound(run):
        return False
    rest = tuple(
        t for t in run[1:] if t.lower not in ("the", "sound", "sounds", "of", "all", "any", "rid", "away", "noise")
    )
    named = _name_of(rest)
    if named is None and rest and rest[-1].lower not in ("audio", "volume", "it", "film", "video", "from"):
        return False
    name = named[0] if named else "all"
    for token in run:
        bench.note(token.start, token.end, "sound", "muted")
    _level(bench, name, muted=True)
    bench.say(f"{'the sound' if name == 'all' else f'the {name}'} is muted")
    return True


def _gone(bench: Bench, run: Run, kind: str) -> bool:
    for token in run:
        bench.note(token.start, token.end, "sound", f"no {kind}")
    gone = False
    for shot in bench.shots:
        if any(c.kind == kind for c in shot.cues):
            bench.change_in(shot, RemoveCue(kind=kind), timed=False)  # type: ignore[arg-type]
            gone = True
    if not gone:
        raise Already(f"There is no {kind} already.")
    bench.say(f"there is no {kind}")
    return True
