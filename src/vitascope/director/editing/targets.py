"""What an instruction is about: subjects, one aspect of them, what they wear, the scenery, the camera, the sound."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.phrases import first_noun
from vitascope.director.editing.references import References
from vitascope.director.editing.words import Run, edit_words
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Noun
from vitascope.director.units import Unit

__all__ = ["Target", "target_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to change."""

    kind: str
    """subjects, it (subjects or the picture, as what follows tells), scenery, camera, sound, length, speed, effect."""
    names: tuple[str, ...] = ()
    aspect: str | None = None
    """colour, size, material ... where only that was named."""
    garment: str | None = None
    part: Unit | None = None
    noun: NounPhrase | None = None
    words: str = ""


def target_of(bench: Bench, run: Run) -> Target:
    """What `run` names. Raises Unclear for what the film does not have, and Ambiguous."""
    if not run:
        raise Unclear("It is not said what is to change.")
    noun = first_noun(run, bench.meanings)
    words = bench.text[run[0].start : run[-1].end]
    if noun is None:
        raise Unclear(f"It is not clear what “{words}” means.", words)
    target = replace(_target(bench, noun), words=words)
    kind = "subject" if target.names else "other"
    bench.note(run[0].start, run[-1].end, kind, ", ".join(target.names) or target.kind)
    return target


def _target(bench: Bench, noun: NounPhrase) -> Target:
    words = edit_words()
    meaning = bench.meanings.of(noun)
    lemma = meaning.lemma
    head = noun.head.text
    references = References(bench)
    told = [unit.text for unit in (*noun.modifiers, *noun.adjectives)]
    if noun.pronoun:
        return _pronoun(bench, references, noun)
    own = [s.name for s in bench.subjects().values()]
    aspect = words.aspect(lemma) or words.aspect(head)
    inner = noun.of or noun.owner or _possessor(noun)
    if aspect is not None and lemma not in own and (inner is not None or lemma not in words.topics["scenery"]):
        return _aspect(bench, references, noun, aspect, inner, told)
    if lemma not in own:
        for kind in ("camera", "sound", "length", "speed", "scenery"):
            if lemma in words.topics[kind] or head in words.topics[kind]:
                return Target(kind=kind, noun=noun)
    take = meaning.takes[0]
    garment = meaning.take("garment")
    if (
        garment is not None
        and lemma not in own
        and (
            take.kind == "garment"
            or not references.candidates(noun)
            or _worn(bench, garment.value)
            or noun.owner is not None
            or _possessor(noun) is not None
        )
    ):
        return _garment(bench, references, noun, garment)
    part = meaning.take("part")
    if part is not None and take.kind == "part" and lemma not in own:
        return _part(bench, references, noun)
    if take.kind in ("recipe", "couple", "unknown") or lemma in own:
        names = references.named(noun, strict=False)
        if names:
            bench.mention(names)
            return Target(kind="subjects", names=names, noun=noun)
    place = meaning.take("place")
    if place is not None and place.value == bench.shot.set.place:
        return Target(kind="scenery", noun=noun)
    if meaning.take("effect") is not None:
        return Target(kind="effect", noun=noun)
    if meaning.take("stuff") is not None and bench.shot.set.place in meaning.take("stuff").options:  # type: ignore[union-attr]
        return Target(kind="stuff", noun=noun)
    if noun.of is not None and take.kind in ("scene", "abstract", "frame"):
        return _target(bench, noun.of)
    names = references.named(noun)
    bench.mention(names)
    return Target(kind="subjects", names=names, noun=noun)


def _pronoun(bench: Bench, references: References, noun: NounPhrase) -> Target:
    head = noun.head.text
    names = references.named(noun, strict=False)
    if names and head not in ("it", "everything", "this", "that"):
        bench.mention(names)
        return Target(kind="subjects", names=names, noun=noun)
    if head in ("it", "everything", "this", "that"):
        return Target(kind="it", names=names, noun=noun)
    raise Unclear(f"It is not clear whom “{head}” means: there is nobody in the film.", head)


def _possessor(noun: NounPhrase) -> NounPhrase | None:
    """ "its colour": the pronoun as a phrase of its own."""
    determiner = noun.determiner
    if determiner is None or determiner.text not in ("its", "his", "her", "their"):
        return None
    return NounPhrase(head=determiner, pronoun=True)


def _owners(bench: Bench, references: References, noun: NounPhrase) -> tuple[str, ...]:
    """Whose the thing is that `noun` names."""
    owner = noun.owner or noun.of or _possessor(noun)
    if owner is None:
        return ()
    names = references.named(owner, strict=False)
    bench.mention(names)
    return names


def _aspect(
    bench: Bench, references: References, noun: NounPhrase, aspect: str, inner: NounPhrase | None, told: list[str]
) -> Target:
    if "hair" in told or (inner is not None and inner.head.text == "hair"):
        aspect = "hair"
        inner = (
            inner.owner or inner.of or _possessor(inner) if inner is not None and inner.head.text == "hair" else inner
        )
    if inner is None:
        names = references.pronoun("it") if bench.pointed or bench.salient or len(bench.subjects()) == 1 else ()
        return Target(kind="it" if names else "scenery", names=names, aspect=aspect, noun=noun)
    target = _target(bench, inner)
    part = next((u for u in noun.modifiers if bench.meanings.noun((u.text,)).take("part") is not None), None)
    if aspect == "clothes":
        return replace(target, garment="suit", noun=noun)
    return replace(target, aspect=aspect, part=target.part or part, noun=target.noun or noun)


def _worn(bench: Bench, kind: str) -> bool:
    return any(g.kind == kind for s in bench.subjects().values() for g in s.attributes.clothing)


def _garment(bench: Bench, references: References, noun: NounPhrase, take: Noun) -> Target:
    names = _owners(bench, references, noun)
    wearers = [s.id for s in bench.subjects().values() if any(g.kind == take.value for g in s.attributes.clothing)]
    people = [s.id for s in bench.subjects().values() if bench.catalogue.recipe(s.recipe).kind == "person"]
    if not names:
        candidates = wearers or people
        lately = [n for n in bench.salient if n in candidates]
        names = tuple(lately[:1] or (candidates if len(candidates) == 1 else ()))
    if not names and (wearers or people):
        names = references.named(_person_phrase(noun), strict=False)
    if not names:
        raise Unclear(f"There is nobody who could wear a {take.value}.", noun.head.text)
    return Target(kind="subjects", names=names, garment=take.value, noun=noun)


def _person_phrase(noun: NounPhrase) -> NounPhrase:
    """Somebody, at the place of a garment whose wearer was not named."""
    return NounPhrase(head=replace(noun.head, text="person"), determiner=noun.determiner)


def _part(bench: Bench, references: References, noun: NounPhrase) -> Target:
    names = _owners(bench, references, noun)
    if not names:
        names = references.pronoun("it")
    if not names:
        raise Unclear(f"It is not clear whose {noun.head.text} is meant.", noun.head.text)
    lemma = bench.meanings.of(noun).lemma
    aspect = edit_words().aspect(lemma)
    return Target(kind="subjects", names=names, aspect=aspect, part=noun.head, noun=noun)
