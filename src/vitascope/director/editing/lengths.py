"""How long a film is, at what speed it runs, and in what format it comes."""

from __future__ import annotations

from fractions import Fraction

from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.comparing import comparison_in, degree_of
from vitascope.director.editing.words import Run, edit_words, lowers, number_of
from vitascope.film import ChangeFilm, ChangeLook, Retime
from vitascope.film.sizes import size_named

__all__ = ["set_length", "time_it"]

LEAST, MOST = Fraction(1), Fraction(120)
UNITS = {"second": 1, "seconds": 1, "sec": 1, "secs": 1, "s": 1, "minute": 60, "minutes": 60, "min": 60}
ONWARD = frozenset(("continue", "extend", "go", "keep", "lengthen", "prolong", "carry", "add", "run"))
RATES = (24, 120)


def time_it(bench: Bench, run: Run) -> bool:
    """Carry out `run` if it is about length, speed, picture size, frame rate or title."""
    return (
        _titled(bench, run) or _rated(bench, run) or _sized(bench, run) or _timed(bench, run) or _sped(bench, run)
        or _longer(bench, run) or _onward(bench, run)
    )  # fmt: skip


def _seconds(run: Run) -> Fraction | None:
    """The seconds that a run names."""
    for at, token in enumerate(run[:-1]):
        number = number_of(token)
        follow = run[at + 1].lower
        if follow == "more" and at + 2 < len(run):
            follow = run[at + 2].lower
        if number is not None and follow in UNITS:
            return number * UNITS[follow]
    low = lowers(run)
    if "second" in low and low[low.index("second") - 1] in ("last", "final", "first"):
        return Fraction(1)
    if "half" in low and low[low.index("half") + 1 : low.index("half") + 3] in (("a", "second"), ("a", "minute")):
        return Fraction(1, 2) if "second" in low else Fraction(30)
    unit = next((u for u in ("second", "minute") if low[-2:] == ("a", u) or ("a", u, "longer") == low[-3:]), None)
    if unit is not None:
        return Fraction(UNITS[unit])
    return None


def _timed(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    seconds = _seconds(run)
    if seconds is None:
        return False
    first = low[0]
    more = "more" in low or "another" in low or "longer" in low or "extra" in low or "additional" in low
    by = "by" in low
    if first in ONWARD or (more and first in ("make", "give", "let")) or (first == "make" and "longer" in low):
        if first in ("go", "keep", "run", "carry", "add") and not (
            more or {"on", "going"} & set(low) or first == "add"
        ):
            return False
        until = "to" in low and not by and first in ("extend", "lengthen", "prolong")
        _note(bench, run, f"{float(seconds):g} s")
        return _extend(bench, None if until else seconds, seconds if until else None)
    if first in ("trim", "cut", "shorten") or (first == "make" and "shorter" in low):
        _note(bench, run, f"{float(seconds):g} s")
        if by or {"off", "last", "end", "shorter"} & set(low):
            if {"first", "start", "beginning"} & set(low):
                raise Unclear("A film can be shortened at its end, not at its beginning.")
            return set_length(bench, bench.film.duration - seconds)
        return set_length(bench, seconds)
    if first == "stretch":
        _note(bench, run, f"{float(seconds):g} s")
        shot = bench.shots[-1]
        bench.do(Retime(shot=shot.id, duration=seconds - (bench.film.duration - shot.duration), how="stretch"))
        bench.say(f"it takes {float(seconds):g} s")
        return True
    plain = set(edit_words().raw["plain"]["length"])
    if all(text in plain or number_of(token) is not None for text, token in zip(low, run, strict=True)):
        _note(bench, run, f"{float(seconds):g} s")
        return set_length(bench, seconds)
    return False


def _note(bench: Bench, run: Run, taken_as: str, kind: str = "duration") -> None:
    bench.note(run[0].start, run[-1].end, kind, taken_as)


def _extend(bench: Bench, by: Fraction | None, to: Fraction | None) -> bool:
    wanted = to if to is not None else bench.film.duration + (by or Fraction(0))
    if bench.scope.names and by is not None:
        wanted = bench.shots[-1].duration + by
    return set_length(bench, wanted)


def set_length(bench: Bench, seconds: float | Fraction) -> bool:
    """Let the film, or the shot in scope, be `seconds` long: ended earlier, or carried on."""
    wanted = Fraction(str(seconds)) if isinstance(seconds, float) else Fraction(seconds)
    shot = bench.shots[-1]
    others = bench.film.duration - shot.duration if not bench.scope.names else Fraction(0)
    length = wanted - others
    if not LEAST <= length <= MOST:
        raise Unclear(f"A shot of {float(length):g} s cannot be made; give 1 to 120 seconds.")
    if length == shot.duration:
        raise Already(f"It is {float(wanted):g} s long already.")
    bench.do(Retime(shot=shot.id, duration=length, how="trim" if length < shot.duration else "extend"))
    bench.say(f"it is {float(wanted):g} s long")
    return True


def _longer(bench: Bench, run: Run) -> bool:
    """ "longer", "a bit shorter", "twice as long", "half the length"."""
    low = lowers(run)
    match = comparison_in(run)
    way = match[0].way if match is not None else ""
    steps, factor = degree_of(run)
    about = {"it", "film", "video", "clip", "shot", "scene", "length", "duration", "this", "movie"}
    before = {t for t in low if t not in ("make", "the", "a", "bit", "little", "much", "lot", "slightly", "as", "twice",
                                          "half", "long", "longer", "shorter", "of", "two", "three", "times", "double",
                                          "should", "be", "shorten", "lengthen", "extend", "trim", "to", "its", "triple",
                                          "even", "still", "please", "length", "in")}  # fmt: skip
    verb = low[0] in ("shorten", "lengthen", "extend", "prolong", "trim")
    lengthy = factor is not None and ("long" in low or "length" in low or "duration" in low)
    if not (way in ("longer", "shorter") or lengthy or verb) or before - about:
        return False
    if bench.pointed and not before:
        return False
    shorter = way == "shorter" or low[0] in ("shorten", "trim") or (factor is not None and factor < 1)
    ratio = factor if factor is not None else (Fraction(3, 4) if shorter else Fraction(3, 2)) if steps >= 1 else (
        Fraction(9, 10) if shorter else Fraction(6, 5))  # fmt: skip
    shot = bench.shots[-1]
    length = round(bench.film.duration * Fraction(str(ratio)) * 2) * Fraction(1, 2)
    others = bench.film.duration - shot.duration
    length = min(MOST + others, max(LEAST + others, length))
    _note(bench, run, f"{float(length):g} s")
    return set_length(bench, length)


def _onward(bench: Bench, run: Run) -> bool:
    """ "continue", "go on like this": what a stretch at the end does already; of a film it has to be said for how long."""
    raw, said = edit_words().raw["onward"], " ".join(lowers(run))
    start = next((start for start in raw["starts"] if f"{said} ".startswith(f"{start} ")), None)
    if start is None or set(said.removeprefix(start).split()) - set(raw["plain"]):
        return False
    if not bench.scope.timed:
        raise Unclear("It is not said for how long; say, for example, “continue for five more seconds”.")
    _note(bench, run, "goes on as before")
    raise Already("It goes on as before.")


def _sped(bench: Bench, run: Run) -> bool:
    """ "slow it to half speed", "at double speed", "play it twice as fast", "normal speed"."""
    low = lowers(run)
    if not {"speed", "pace", "fast"} & set(low) or bench.pointed:
        return False
    film = set(edit_words().raw["plain"]["speed"])
    if any(text not in film and number_of(token) is None for text, token in zip(low, run, strict=True)):
        return False
    _, factor = degree_of(run)
    if "normal" in low or "real" in low:
        factor = None
        wanted = 1.0
    elif factor is None:
        if "quarter" in low:
            factor = 0.25
        number = next((n for t in run if (n := number_of(t)) is not None), None)
        if factor is None and number is not None and "%" in low:
            factor = float(number) / 100
        if factor is None:
            return False
        wanted = factor
    else:
        percent = "%" in low or "percent" in low
        wanted = factor - 1.0 if percent and "to" in low and factor > 1 else factor
    wanted = wanted if factor is None else bench.shot.look.time_scale * wanted
    if wanted <= 0:
        return False
    if wanted == bench.shot.look.time_scale:
        raise Already("It runs at that speed already.")
    pace = "time_lapse" if wanted > 60 else "slow_motion" if wanted < 0.8 else "normal"
    _note(bench, run, f"time scale {wanted:g}", "pace")
    bench.change(ChangeLook(time_scale=wanted, pace=pace), timed=False)
    bench.say(f"everything runs at {wanted:g} times the usual speed")
    return True


# The file -------------------------------------------------------------------------------------------------------------


def _sized(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    sizes = edit_words().raw["sizes"]
    plain = set(edit_words().raw["plain"]["size"])
    text = " ".join(low)
    name = next((value for word, value in sizes.items() if f" {word} " in f" {text} "), None)
    written = next((t for t in low if "x" in t and t.replace("x", "", 1).isdigit()), None)
    pair = next((f"{low[i]}x{low[i + 2]}" for i in range(len(low) - 2) if low[i].isdigit() and low[i + 1] in ("x", "by", "×")
                 and low[i + 2].isdigit()), None)  # fmt: skip
    ratio = next((f"{low[i]}:{low[i + 2]}" for i in range(len(low) - 2) if low[i + 1] == ":"), None) or next(
        (t for t in low if t in ("16:9", "9:16", "1:1", "4:3", "21:9")), None)  # fmt: skip
    known = {"16:9": "720p", "9:16": "vertical", "1:1": "square", "4:3": "960x720", "21:9": "1680x720"}
    name = name or pair or written or known.get(ratio or "")
    said = {w for key in sizes for w in key.split()}
    if name is None or any(
        t not in plain and t not in said and not t[0].isdigit() and t not in ("x", "by", ":", "×") for t in low
    ):
        return False
    size = size_named(str(name))
    _note(bench, run, f"{size.width}x{size.height}", "other")
    if size == bench.film.size:
        raise Already(f"It is {size.width}x{size.height} already.")
    bench.do(ChangeFilm(size=size))
    bench.say(f"the picture is {size.width}x{size.height}")
    return True


def _rated(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    unit = next((i for i, t in enumerate(low) if t == "fps" or low[i : i + 3] == ("frames", "per", "second")
                 or low[i : i + 3] == ("frames", "a", "second")), None)  # fmt: skip
    number = number_of(run[unit - 1]) if unit else None
    if number is None:
        return False
    if not RATES[0] <= number <= RATES[1]:
        raise Unclear(f"{float(number):g} frames a second cannot be made; give 24 to 120.")
    _note(bench, run, f"{float(number):g} fps", "other")
    if number == bench.film.fps:
        raise Already(f"It has {float(number):g} frames a second already.")
    bench.do(ChangeFilm(fps=number))
    bench.say(f"there are {float(number):g} frames a second")
    return True


def _titled(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    if not (
        low[0] in ("call", "title", "name", "rename")
        or ("title" in low and low[0] in ("change", "set", "make", "give"))
    ):
        return False
    quote = next((token.text[1:-1] for token in run if token.kind == "quote"), None)
    if quote is None and low[:2] in (("call", "it"), ("name", "it"), ("title", "it")) and len(run) > 2:
        quote = bench.text[run[2].start : run[-1].end]
    if not quote:
        return False
    _note(bench, run, quote, "other")
    bench.do(ChangeFilm(title=quote.strip()))
    bench.say(f"the title is “{quote.strip()}”")
    return True
