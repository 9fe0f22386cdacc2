"""Finishing of the picture in fixed phrases: grain, blur, colour again, the usual style again."""

from __future__ import annotations

from vitascope.director.editing.bench import Bench
from vitascope.director.editing.words import Run, edit_words, starts
from vitascope.film import ChangeLight, ChangeLook

__all__ = ["finish_it"]


def finish_it(bench: Bench, run: Run) -> bool:
    """Carry out `run` if it is one of the phrases for the finishing of the picture."""
    match = starts(edit_words().finishing, run)
    if match is None or match[0] != len(run):
        return False
    row = match[1]
    bench.note(run[0].start, run[-1].end, "style", row["said"])
    look, light = bench.shot.look, bench.shot.light
    before = len(bench.operations)
    fields = {name: value for name, value in row.get("look", {}).items() if getattr(look, name) != value}
    resets = tuple(n for n in row.get("reset", ()) if getattr(look, n) != type(look).model_fields[n].get_default())
    if fields or resets:
        bench.change(ChangeLook(**fields, reset=resets), timed="time_scale" not in {*fields, *resets})
    if row.get("light") == "usual" and (light.mood != "natural" or light.exposure):
        bench.change(ChangeLight(reset=("mood", "exposure")))
    bench.say(row["said"]) if len(bench.operations) > before else bench.already.append(row["said"])
    return True
