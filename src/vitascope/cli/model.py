"""`vitascope model`: clips to train on, weights from them, and how good these are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add_to"]

model = typer.Typer(
    name="model",
    help="Train the model engine: make clips, train on them, score what comes of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(model)


@model.command()
def data(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the clips go; what is there is kept.")],
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many clips there are to be.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, other clips.")] = 0,
    frames: Annotated[int, typer.Option("--frames", metavar="N", help="1 + a multiple of 4.")] = 25,
    fps: Annotated[int, typer.Option("--fps", metavar="N", help="Frames a second.")] = 12,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Multiples of 16.")] = "128x80",
    pairs: Annotated[bool, typer.Option("--pairs", help="Each second clip is an edit of the one before it.")] = False,
    processes: Annotated[int, typer.Option("--processes", metavar="N", help="How many draw at once.")] = 1,
) -> None:
    """Make training clips with the world engine: captions of a closed grammar, and what they say."""
    from vitascope.cli.request import BadRequest
    from vitascope.model.data import ClipShape, card, make

    sides = [int(side) for side in size.split("x") if side.isdigit()]
    if len(sides) != 2 or (frames - 1) % 4 or frames < 5 or fps < 1 or any(side % 16 or not side for side in sides):
        raise BadRequest(
            f"Clips of {frames} frames at {fps} a second in {size!r} were asked for; "
            "frames are 1 + a multiple of 4, sides multiples of 16, as in: --frames 25 --fps 12 --size 128x80"
        )
    shape = ClipShape(frames=frames, fps=fps, width=sides[0], height=sides[1])
    made = make(
        folder,
        count,
        seed,
        shape=shape,
        pairs=pairs,
        processes=processes,
        progress=lambda done, of: typer.echo(f"clips {done}/{of}"),
    )
    refused = ", ".join(f"{times} times {reason}" for reason, times in made.refused.most_common())
    (folder / "README.md").write_text(card(folder), "utf-8")
    pace = f"{made.clips / made.seconds:.2f} a second" if made.clips else "none were missing"
    typer.echo(f"Made {made.clips} clips in {made.seconds:.0f} s ({pace}). Scenes left out: {refused or 'none'}.")


@model.command()
def train(
    clips: Annotated[Path, typer.Argument(metavar="CLIPS", help="A folder of clips, from: vitascope model data")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The run: weights, state, journal. It can go on.")],
    preset: Annotated[str, typer.Option("--preset", metavar="NAME", help="tiny, small or base.")] = "small",
    stage: Annotated[
        str, typer.Option("--stage", metavar="NAME", help="autoencoder, latents, transformer, decoder or all.")
    ] = "all",
    minutes: Annotated[
        float | None, typer.Option("--minutes", metavar="M", help="Stop after so many, ready to go on.")
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help="Of the stage; of the transformer where all are asked for."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, other weights.")] = 0,
    weights: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Weights that a new run begins with, instead of from nothing."),
    ] = None,
    compiles: Annotated[
        bool,
        typer.Option("--compile", help="Compile first: minutes to begin, then faster steps; for long runs on a GPU."),
    ] = False,
) -> None:
    """Train weights on clips. A run that was stopped goes on where it was."""
    from vitascope.model.extra import require

    require()
    from vitascope.model.training.stages import Wish, run

    wish = Wish(
        clips=clips,
        folder=folder,
        preset=preset,
        stage=stage,
        minutes=minutes,
        steps=steps,
        seed=seed,
        compiles=compiles,
        weights=weights,
    )
    run(wish, typer.echo)


@model.command("eval")
def evaluation(
    clips: Annotated[Path, typer.Argument(metavar="CLIPS", help="The folder of clips; those held back are asked for.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The run whose weights are examined.")],
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many captions.")] = 32,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the noise.")] = 0,
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="In how many each clip is made.")] = 12,
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="M", help="For the judge, where there is none yet.")
    ] = 3,
) -> None:
    """Say how good weights are: a judge looks at what they make of captions that training never saw."""
    from vitascope.model.extra import require

    require()
    from vitascope.model.training.examining import Examination, examine

    wanted = Examination(
        clips=clips, folder=folder, count=count, seed=seed, judge_seconds=60 * minutes, sampler_steps=steps
    )
    typer.echo(examine(wanted, typer.echo).table)
