"""A conversation of 25 turns about one film, every kind of edit once: `python examples/conversation.py [FOLDER]`.

Prints each instruction, what was done, and how many frames had to be made anew. The takes stay in FOLDER as a project.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from vitascope import Studio
from vitascope.film import Size
from vitascope.studio import Take

PROMPT = "A girl and a brown dog walk along a beach"
TURNS = (
    "change the lighting to sunset",
    "make the light softer",
    "add gentle rain in the background",
    "make the dog black",
    "give the girl a red hat",
    "add a white cat next to the dog",
    "make it bigger",
    "remove the cat",
    "make the dog a golden retriever",
    "make the camera orbit the girl",
    "closer",
    "50 mm",
    "lower the camera",
    "in the last half second make it black and white",
    "let the dog run",
    "anime style",
    "go back to how it was before the anime style",
    "make it winter",
    "move it to a meadow",
    "make the wind louder",
    'add a narration: "They walked until evening."',
    "continue for one more second",
    "cut to a close-up of the girl",
    "remove the second shot",
    "go back to how it was before the rain",
)


def converse(studio: Studio, film: Take) -> Iterator[tuple[str, object]]:
    """Each instruction with its answer; a take that was made or gone back to is what the next one is about."""
    take = film
    for words in TURNS:
        answer = studio.edit(take, words)
        if isinstance(answer, Take):
            take = answer
        yield words, answer


def begin(studio: Studio) -> Take:
    """The film that the conversation is about: small and short, so that all of it takes a minute or two."""
    return studio.film(PROMPT, seconds=Fraction(1), size=Size(width=192, height=128))


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "project"
        with Studio(folder) as studio:
            film = begin(studio)
            print(f"0. {PROMPT}\n   {film.work.frames} frames made")
            for number, (words, answer) in enumerate(converse(studio, film), 1):
                print(f"{number}. {words}")
                if isinstance(answer, Take):
                    made = {way: count for way, count in answer.work.ways.items() if count}
                    print(f"   {answer.said}  {made}")
                else:
                    print(f"   {answer.text}")
            kept = all(studio.document(take) for take in studio.takes())
            print(f"{len(studio.takes())} takes, each of which opens again: {kept}")


if __name__ == "__main__":
    main()
