"""Adjectives told of subjects: any that fit, or only those of one aspect."""

from __future__ import annotations

from collections.abc import Sequence

from vitascope.director.attributes import adjective_groups, describe_things
from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.reading import Described, describe
from vitascope.director.editing.subjects import change_looks
from vitascope.director.editing.words import Run, edit_words
from vitascope.director.units import Unit, find_units

__all__ = ["adjectives_of", "only_adjectives", "set_aspect", "tell"]

ASPECTS = {
    "colour": ("colour",), "material": ("material", "pattern", "colour"), "pattern": ("pattern", "colour"),
    "size": ("size",), "mood": ("mood", "near_mood"), "hair": ("hair", "colour"), "age": ("age",),
}  # fmt: skip


def adjectives_of(bench: Bench, run: Run) -> list[Unit]:
    """The units of a run that may be adjectives or nouns of stuff."""
    lexicon = bench.meanings.lexicon
    units = find_units(run, lexicon, bench.meanings.wordnet)
    skipped = edit_words().raw["fillers"]
    return [
        u for u in units
        if u.kind != "mark" and u.text not in lexicon.function["determiners"] and u.text not in skipped
        and u.text not in lexicon.function["degree"]
    ]  # fmt: skip


def only_adjectives(bench: Bench, run: Run) -> bool:
    """Whether a run is nothing but words that tell how something is."""
    lexicon = bench.meanings.lexicon
    units = [u for u in adjectives_of(bench, run) if u.text not in lexicon.function["conjunctions"]]
    if not units or run[0].lower in ("a", "an", "the"):
        return False
    known = [u for u in units if any(t.kind not in ("neutral",) for t in lexicon.adjectives.get(u.text, ()))]
    modifiers = lexicon.tables["colour_modifiers"]
    return len(known) + sum(u.text in modifiers and u not in known for u in units) == len(units)


def tell(bench: Bench, names: Sequence[str], run: Run) -> bool:
    """Tell subjects the adjectives of `run`. Raises Unclear where none of them changes anything."""
    described = describe(bench, (), about=names)
    things = [described.known[name] for name in names]
    units = [u for u in adjectives_of(bench, run) if u.text not in bench.meanings.lexicon.function["conjunctions"]]
    faces = edit_words().raw["faces"]
    shown = next((u for u in units if u.text in faces), None)
    if shown is not None:
        for thing in things:
            thing.attributes["mood"] = faces[shown.text]
        described.scene.note(run[0].start, run[-1].end, "attribute", "understood", faces[shown.text])
        return _carry_out(bench, described, run)
    describe_things(described.scene, bench.meanings, things, units)
    return _carry_out(bench, described, run)


def set_aspect(bench: Bench, names: Sequence[str], aspect: str, run: Run) -> bool:
    """Set one aspect of subjects to what `run` says. Raises Unclear for words that say nothing of it."""
    described = describe(bench, (), about=names)
    lexicon, scene = bench.meanings.lexicon, described.scene
    kinds = ASPECTS.get(aspect, (aspect,))
    units = [u for u in adjectives_of(bench, run) if u.text not in lexicon.function["conjunctions"]]
    for word, first, last in adjective_groups(units, bench.meanings):
        takes = [t for kind in kinds for t in lexicon.adjectives.get(word, ()) if t.kind == kind]
        if not takes or (aspect == "hair" and word in lexicon.tables["hair_shapes"]):
            if aspect == "hair" and word in lexicon.tables["hair_shapes"]:
                for name in names:
                    described.known[name].hair.append(word)
                scene.note(first.start, last.end, "attribute", "understood", f"{word} hair")
            elif not any(word in words for words in edit_words().aspects.values()):
                scene.note(first.start, last.end, "attribute", "not_understood")
            continue
        take = takes[0]
        for name in names:
            thing = described.known[name]
            if aspect == "hair":
                thing.hair.append(str(take.value))
            elif take.kind == "size":
                thing.attributes["scale"] = float(take.value)
            else:
                thing.attributes.setdefault(take.kind, take.value)
        scene.note(first.start, last.end, "attribute", take.status, str(take.value))
    return _carry_out(bench, described, run)


def _carry_out(bench: Bench, described: Described, run: Run) -> bool:
    said = bench.text[run[0].start : run[-1].end] if run else ""
    if not described.changed():
        raise Unclear(f"It is not clear how something can be “{said}”.", said)
    bench.take_notes(described.scene)
    return change_looks(bench, described)
