"""What the network of the model engine costs: edits, tiles, precisions, length, and beside the open implementation of Wan.

    python -m benchmarks.model [--only edits tiles peers precision length] [--threads 2] [--layers 12] [--rounds 2]

Weights are of chance (times do not depend on them; errors say so where they are told), sizes are six heads of 64 in twelve
layers (d384 L12). Times are wall seconds of the least of some rounds after one that is not counted, on the processor, in float32
unless another precision is named; bfloat16 is left out where the processor has no instructions for it, as in training. They
hold what their column says and nothing else: no reading of words, no start.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from vitascope.model import autoencoder
from vitascope.model.attention import Dense, Tiles, attend, multiplies_bfloat16
from vitascope.model.autoencoder import Autoencoder, Box
from vitascope.model.denoiser import Condition, Words
from vitascope.model.memory import Kept, refreshed
from vitascope.model.quantise import Int8Linear, bf16, int8
from vitascope.model.sampler import Sampling, Solver
from vitascope.model.schedule import even
from vitascope.model.shapes import LatentShape
from vitascope.model.streaming import Rolling, stream
from vitascope.model.tasks import Task, in_painting, text_to_video
from vitascope.model.tokens import Tokens, pack, places
from vitascope.model.transformer import Transformer, TransformerConfig, of_size

CHANNELS, WORDS = 32, 256
EDITED = LatentShape(frames=16, height=16, width=16)
BOXES = {2: (2, 3), 5: (3, 4), 10: (5, 5), 25: (8, 8), 50: (8, 16)}
"""Rows and columns of 16 x 16 that an edit of so many percent marks, in every moment."""
LENGTHS = {
    4096: LatentShape(frames=16, height=16, width=16),
    16384: LatentShape(frames=16, height=32, width=32),
    65536: LatentShape(frames=64, height=32, width=32),
}
STEPS = 4
SINK = 1.0
HAS_BFLOAT16 = multiplies_bfloat16()
PRECISIONS: dict[str, Callable[[Transformer], Transformer]] = {
    "fp32": lambda model: model, **({"bf16": bf16} if HAS_BFLOAT16 else {}), "int8": int8,
}  # fmt: skip
NAMES = {torch.float32: "fp32"} | ({torch.bfloat16: "bf16"} if HAS_BFLOAT16 else {})


def main() -> int:
    """Print a table for each part that is asked for."""
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "edits": edits, "tiles": tiles, "peers": peers, "precision": precision, "length": length,
    }  # fmt: skip
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=list(parts), default=list(parts))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--precision", choices=list(PRECISIONS), default="fp32", help="of edits and length")
    parser.add_argument("--tokens", type=int, nargs="*", default=list(LENGTHS), help="of tiles")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    print(
        f"torch {torch.__version__}, {options.threads} threads, d384 L{options.layers}, {' and '.join(NAMES.values())}"
    )
    with torch.inference_mode():
        for name in options.only:
            print(f"\n{name}")
            parts[name](options)
    return 0


def edits(options: argparse.Namespace) -> None:
    """An edit of a box in every moment of 4,096 tokens, beside making all of them."""
    model, asked = PRECISIONS[options.precision](network(options.layers)), words(16)
    codec = Autoencoder(autoencoder.small()).eval()
    latent = torch.randn(1, CHANNELS, *sides(EDITED))
    everything = pack(latent)
    noisy = everything.at(everything.values_BLC, one_level(everything, 0.6))
    whole = best(options.rounds, lambda: model.velocity(noisy, model.read(asked)))
    decoded = best(options.rounds, lambda: codec.decode(latent))
    all_seeing = copy.copy(model)
    all_seeing.config = replace(model.config, context_tile=None)
    all_seeing.context_attention = Dense()
    kept = Kept(seed=0, caption="", latent_1CTHW=latent, known=everything,
                memory=model.remember(everything, asked), looks_STHW=None)  # fmt: skip
    print(
        f"a step over all {EDITED.tokens} tokens {whole:.2f} s, decoding all {decoded:.2f} s; film: {STEPS} steps, decoding.\n"
        "step: one velocity of the edited tokens over what is remembered. tiles: looking again at the clean tokens of touched\n"
        "tiles (what the rest of the film is remembered as stays). all: looking at all clean tokens, as without tiles.\n"
        "film: an edit of such a film with its steps, its look at touched tiles (cold: at all clean tokens; again: at none, the\n"
        "same region once more) and the decoding of its box."
    )
    print(f"{'edited':>7}{'step s':>9}{'step x':>8}{'tiles s':>9}{'all s':>8}{'box s':>8}"
          f"{'film x':>8}{'cold x':>8}{'again x':>9}{'error':>10}")  # fmt: skip
    full = STEPS * whole + decoded
    for share in BOXES:
        task, box = box_edit(latent, share)
        context = task.context
        assert context is not None
        memory = refreshed(model, kept, context, asked, None)[0]
        step = best(options.rounds + 1, lambda m=memory, t=task: model.velocity(t.noisy, model.read(asked), m))
        touched = best(options.rounds, lambda c=context: refreshed(model, kept, c, asked, None))
        cold = best(1, lambda c=context: all_seeing.remember(c, asked))
        crop = best(options.rounds, lambda b=box: codec.decode_box(latent, b))
        exact = model.remember(context, asked)
        error = max(off(a, b) for a, b in zip(memory.keys, exact.keys, strict=True))
        made = STEPS * step + crop
        print(
            f"{task.noisy.count / EDITED.tokens:7.1%}{step:9.3f}{whole / step:8.1f}{touched:9.3f}{cold:8.2f}{crop:8.3f}"
            f"{full / (made + touched):8.1f}{full / (made + cold):8.1f}{full / made:9.1f}{error:10.0e}",
            flush=True,
        )


def tiles(options: argparse.Namespace) -> None:
    """Self-attention of one layer, tiles against everything, at three lengths."""
    print(
        "one layer's self-attention alone, 6 heads of 64. Tiles of 4 x 8 x 8, one away on each axis, and the first moment.\n"
        "Errors are of what is seen, relative to dense: where scores fall by half a unit for each patch of distance\n"
        "(near), and where they are of chance (chance)."
    )
    print(
        f"{'tokens':>8}{'size':>12}{'':>6}{'dense s':>9}{'tiles s':>9}{'share':>7}{'keys seen':>11}{'near':>8}{'chance':>8}"
    )
    way = Tiles(tile=(4, 8, 8), reach=(1, 1, 1), sinks=SINK)
    for shape in (LENGTHS[each] for each in options.tokens):
        place = places(shape)[None]
        plan = way.plan(place, [place])
        near, far = (errors(way, place[0], kind) for kind in ("near", "chance"))
        some = torch.randperm(shape.tokens)[:256]
        seen = float(way.mask(place[0, some], place[0]).float().mean())
        for numbers in NAMES:
            query, key, value = (torch.randn(1, 6, shape.tokens, 64, dtype=numbers) for _ in range(3))
            short = shape.tokens < 30000
            rounds = options.rounds if short else 1
            whole = best(rounds, lambda q=query, k=key, v=value: attend(q, [(k, v)]), warm=short)
            part = best(rounds, lambda p=plan, q=query, k=key, v=value: p(q, [(k, v)]), warm=short)
            size = f"{shape.frames}x{shape.height}x{shape.width}"
            print(
                f"{shape.tokens:8}{size:>12}{NAMES[numbers]:>6}{whole:9.3f}{part:9.3f}{part / whole:7.0%}{seen:11.1%}"
                f"{near:8.1%}{far:8.1%}",
                flush=True,
            )


def errors(way: Tiles, place_L3: Tensor, kind: str) -> float:
    """Relative error of what some queries see by tiles; scores that fall with distance, or of chance."""
    query_Q3 = place_L3[torch.randperm(len(place_L3))[:256]]
    score_QL = torch.randn(256, len(place_L3))
    if kind == "near":
        score_QL = score_QL - 0.5 * (query_Q3[:, None] - place_L3[None]).norm(dim=-1)
    value_LE = torch.randn(len(place_L3), 64)
    whole = score_QL.softmax(-1) @ value_LE
    part = score_QL.masked_fill(~way.mask(query_Q3, place_L3), -torch.inf).softmax(-1) @ value_LE
    return off(part, whole)


def peers(options: argparse.Namespace) -> None:
    """A step of ours and of diffusers' Wan transformer, with the same sizes."""
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

    print(
        "one step at d384 with 512 words of width 256, one row. ours reads the words once for a film, here of 4 steps:\n"
        "a quarter of that is in its time. each: a noise level for each token, as Wan 2.2 5B is asked with clean frames."
    )
    print(f"{'size':>12}{'tokens':>8}{'precision':>11}{'levels':>8}{'diffusers s':>13}{'ours s':>9}{'ratio':>7}")
    config = wan_like(options.layers)
    for shape in (LatentShape(frames=4, height=16, width=16), LatentShape(frames=16, height=16, width=16)):
        theirs = WanTransformer3DModel(
            patch_size=(1, 1, 1), num_attention_heads=6, attention_head_dim=64, in_channels=CHANNELS,
            out_channels=CHANNELS, text_dim=WORDS, freq_dim=256, ffn_dim=1536, num_layers=options.layers,
        ).eval()  # fmt: skip
        ours = stirred(Transformer(config))
        for numbers, kind in NAMES.items():
            with warnings.catch_warnings():  # it says that parts should stay exact; these are not timed apart
                a: Any = theirs.to(dtype=numbers)  # pyright: ignore[reportCallIssue, reportArgumentType]
            b = PRECISIONS[kind](ours)
            for levels in ("one", "each"):
                compare(a, b, shape, kind, levels, options.rounds * 4096 // shape.tokens)


def compare(theirs: Any, ours: Transformer, shape: LatentShape, kind: str, levels: str, rounds: int) -> None:
    """One line of `peers`."""
    numbers = torch.float32 if kind == "fp32" else torch.bfloat16
    latent = torch.randn(1, CHANNELS, *sides(shape)).to(numbers)
    said = words(512)
    level_BL = torch.full((1, shape.tokens), 0.6)
    if levels == "each":
        level_BL[:, : shape.height * shape.width] = 0.0
    timestep = 1000 * (level_BL[:, 0] if levels == "one" else level_BL)
    row = pack(latent.float())
    noisy = row.at(row.values_BLC, level_BL[:, :1].expand_as(level_BL) if levels == "one" else level_BL)
    text = said.words.values_BSD.to(numbers)
    read = best(rounds, lambda: ours.read(said))
    heard = ours.read(said)

    def one_of_theirs() -> object:
        return theirs(hidden_states=latent, timestep=timestep, encoder_hidden_states=text, return_dict=False)

    def one_of_ours() -> object:
        return ours.velocity(noisy, heard)

    peer, our = in_turn(rounds, one_of_theirs, one_of_ours)
    our += read / STEPS
    size = f"{shape.frames}x{shape.height}x{shape.width}"
    print(f"{size:>12}{shape.tokens:8}{kind:>11}{levels:>8}{peer:13.3f}{our:9.3f}{peer / our:7.2f}", flush=True)


def precision(options: argparse.Namespace) -> None:
    """Steps and edits in fewer bits."""
    print(
        "step: over all 4,096 tokens; edit: of 10 % of them over what is remembered. error: of the edit's velocities, relative,\n"
        "with weights of chance."
    )
    print(f"{'precision':>10}{'weights MB':>12}{'step s':>9}{'x':>6}{'edit s':>9}{'x':>6}{'error':>9}")
    exact, asked = network(options.layers), words(16)
    latent = torch.randn(1, CHANNELS, *sides(EDITED))
    everything = pack(latent)
    noisy = everything.at(everything.values_BLC, one_level(everything, 0.6))
    task, _ = box_edit(latent, 10)
    assert task.context is not None
    base: tuple[float, float] | None = None
    expected = exact.velocity(task.noisy, asked, exact.remember(task.context, asked))
    for name, convert in PRECISIONS.items():
        model = convert(exact)
        heard = model.read(asked)
        memory = model.remember(task.context, heard)
        whole = best(options.rounds, lambda m=model, h=heard: m.velocity(noisy, h))
        part = best(options.rounds + 2, lambda m=model, h=heard, k=memory: m.velocity(task.noisy, h, k))
        base = base or (whole, part)
        error = off(model.velocity(task.noisy, heard, memory), expected)
        print(
            f"{name:>10}{megabytes(model):12.0f}{whole:9.3f}{base[0] / whole:6.1f}{part:9.3f}{base[1] / part:6.1f}{error:9.1%}",
            flush=True,
        )


def length(options: argparse.Namespace) -> None:
    """Cost against length: all at once, by tiles, and in blocks."""
    print(
        f"seconds of {STEPS} steps for films of 16 x 16 patches, four layers. blocks: of 4 moments, with 8 moments and the\n"
        "first one remembered, as they are streamed; each block is looked at once more when it is clean."
    )
    print(f"{'moments':>8}{'tokens':>8}{'at once':>9}{'tiles':>8}{'blocks':>8}{'s a block':>11}{'remembered MB':>15}")
    model, asked = PRECISIONS[options.precision](network(4)), words(16)
    by_tiles = copy.copy(model)
    by_tiles.attention = Tiles(tile=(4, 8, 8), reach=(1, 1, 1), sinks=SINK)
    sampling = Sampling(schedule=even(STEPS, shift=3.0), solver=Solver.EULER, guidance=None, seed=0)
    rolling = Rolling(block=4, window=8, sinks=1)
    for frames in (4, 8, 16, 32):
        shape = LatentShape(frames=frames, height=16, width=16)
        task, heard = text_to_video(shape, channels=CHANNELS, seed=0), model.read(asked)
        once = STEPS * best(1, lambda t=task, h=heard: model.velocity(t.noisy, h), warm=frames < 16)
        tiled = STEPS * best(1, lambda t=task, h=heard: by_tiles.velocity(t.noisy, h), warm=frames < 16)
        blocks = stream(model, shape, lambda _: asked, sampling, rolling, channels=CHANNELS)
        begun = time.perf_counter()
        for _ in range(frames // rolling.block):
            next(blocks)
        streamed = time.perf_counter() - begun
        near = min(frames, rolling.window + rolling.sinks) * 256
        held = 2 * 4 * model.config.width * model.patch.weight.element_size() * near / 1e6
        print(
            f"{frames:8}{shape.tokens:8}{once:9.2f}{tiled:8.2f}{streamed:8.2f}{streamed / (frames // 4):11.2f}{held:15.0f}",
            flush=True,
        )


def network(layers: int) -> Transformer:
    """Weights of chance in all of it."""
    return stirred(Transformer(measured(layers)))


def wan_like(layers: int) -> TransformerConfig:
    """What the open implementation is given."""
    return replace(measured(layers), roles=0, context_reads=True, context_tile=None)


def measured(layers: int) -> TransformerConfig:
    """The size of all that is measured here."""
    return of_size(6, 64, layers, channels=CHANNELS, words_width=WORDS, sound_width=0)


def stirred(model: Transformer) -> Transformer:
    """Nothing in it is silent."""
    for weight in (
        *(block.table_6D for block in model.layers()),
        model.table_2D,
        model.level.steer.weight,
        model.out.weight,
    ):
        nn.init.normal_(weight, std=0.02)
    return model.eval()


def words(count: int) -> Condition:
    """An instruction of so many words."""
    present = torch.ones(1, count, dtype=torch.bool)
    return Condition(words=Words(values_BSD=torch.randn(1, count, WORDS), present_BS=present))


def box_edit(latent: Tensor, share: int) -> tuple[Task, Box]:
    """A box in the middle of each moment, which no tile begins with."""
    rows, columns = BOXES[share]
    top, left = (5, 6) if columns < 16 else (5, 0)
    marked = torch.zeros(sides(EDITED), dtype=torch.bool)
    marked[:, top : top + rows, left : left + columns] = True
    box = Box(moments=(0, EDITED.frames), rows=(top, top + rows), columns=(left, left + columns))
    return in_painting(latent, marked, seed=0), box


def one_level(row: Tokens, level: float) -> Tensor:
    """The same for all tokens."""
    return torch.full((1, 1), level).expand(row.level_BL.shape)


def sides(shape: LatentShape) -> tuple[int, int, int]:
    """Moments, rows, columns."""
    return shape.frames, shape.height, shape.width


def off(found: Tensor, expected: Tensor) -> float:
    """Relative error."""
    return float((found.float() - expected.float()).norm() / expected.float().norm())


def megabytes(model: Transformer) -> float:
    """Of all weights, packed ones too."""
    held = sum(each.numel() * each.element_size() for each in (*model.parameters(), *model.buffers()))
    packed = [each.packed_bytes for each in model.modules() if isinstance(each, Int8Linear)]
    return (held + sum(packed)) / 1e6


def best(rounds: int, work: Callable[[], object], *, warm: bool = True) -> float:
    """The least wall seconds of some rounds, after one that is not counted."""
    if warm:
        work()
    return min(timed(work) for _ in range(rounds))


def in_turn(rounds: int, first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The least of each, taken by turns, so that a busy machine slows both."""
    first()
    second()
    pairs = [(timed(first), timed(second)) for _ in range(rounds)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def timed(work: Callable[[], object]) -> float:
    """Wall seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
