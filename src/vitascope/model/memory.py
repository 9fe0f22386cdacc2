"""What a take of the model remembers, so that the next edit costs what it changes; as bytes for the store of continuity."""

from __future__ import annotations

import json
from dataclasses import dataclass

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from vitascope.model.denoiser import Condition, Denoiser, Memory
from vitascope.model.sampler import Guidance, recall
from vitascope.model.tokens import Tokens

KIND = "latents"
"""Under which the store of continuity keeps takes of the model."""
_FORMAT = "take 1"
_DAMAGED = "What was kept of this take is damaged; remove it and make the take again."


class TakeError(ValueError):
    """Bytes that are no take of the model; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One take. seed: of its noise; caption: its instruction; latent_1CTHW: the compressed film.

    known: the clean tokens of which `memory` knows keys and values, in this order; looks_STHW: how much each patch looks at each
    word of the caption, or None where nobody asked.
    """

    seed: int
    caption: str
    latent_1CTHW: Tensor
    known: Tokens
    memory: Memory
    looks_STHW: Tensor | None


@torch.no_grad()
def refreshed(
    model: Denoiser, kept: Kept, context: Tokens, condition: Condition, guidance: Guidance | None
) -> tuple[Memory, int]:
    """What must be remembered of `context`, and how many of its tokens had to be looked at for it.

    Of tokens that are known, and see none that came, went or changed, it is what it was; it equals `recall` of all of them.
    """
    fits = not model.context_reads and len(context.place_BL3) == len(kept.known.place_BL3) == 1
    if not fits:
        return recall(model, context, condition, guidance), context.count
    index_L, gone_K = _matched(kept.known, context)
    new_L = index_L < 0
    changed_K3 = torch.cat([kept.known.place_BL3[0, gone_K], context.place_BL3[0, new_L]])
    stale_L = new_L | model.touched(context.place_BL3[0], changed_K3)
    if not stale_L.any():
        return kept.memory.take(index_L), 0
    old, again = (~stale_L).nonzero()[:, 0], stale_L.nonzero()[:, 0]
    later = recall(model, context.take(again), condition, guidance)
    if not len(old):
        return later, len(again)
    back_L = torch.argsort(torch.cat([old, again]))
    return kept.memory.take(index_L[old]).joined(later).take(back_L), len(again)


def pack_take(kept: Kept) -> bytes:
    """The take as bytes (safetensors)."""
    memory, known = kept.memory, kept.known
    tensors = {
        "latent": kept.latent_1CTHW,
        "known.values": known.values_BLC,
        "known.place": known.place_BL3,
        "known.level": known.level_BL,
        "known.role": known.role_BL,
    }
    for layer, (key, value) in enumerate(zip(memory.keys, memory.values, strict=True)):
        tensors |= {f"memory.{layer}.key": key, f"memory.{layer}.value": value}
    if kept.looks_STHW is not None:
        tensors["looks"] = kept.looks_STHW
    said = {"format": _FORMAT, "seed": kept.seed, "caption": kept.caption, "layers": len(memory.keys)}
    whole = {name: each.detach().cpu().contiguous() for name, each in tensors.items()}
    return save(whole, metadata={"take": json.dumps(said)})


def unpack_take(content: bytes) -> Kept:
    """The take that gave these bytes. Raises TakeError for others."""
    try:
        tensors = load(content)
        length = int.from_bytes(content[:8], "little")
        said = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["take"])
        if said["format"] != _FORMAT:
            raise TakeError(
                f"This take was kept in the format {said['format']!r}; this program reads {_FORMAT!r}. Make it again."
            )
        layers = range(said["layers"])
        known = Tokens(
            values_BLC=tensors["known.values"],
            place_BL3=tensors["known.place"],
            level_BL=tensors["known.level"],
            role_BL=tensors["known.role"],
        )
        return Kept(
            seed=said["seed"],
            caption=said["caption"],
            latent_1CTHW=tensors["latent"],
            known=known,
            memory=Memory(
                keys=tuple(tensors[f"memory.{layer}.key"] for layer in layers),
                values=tuple(tensors[f"memory.{layer}.value"] for layer in layers),
                place_BL3=known.place_BL3,
                role_BL=known.role_BL,
            ),
            looks_STHW=tensors.get("looks"),
        )
    except (SafetensorError, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TakeError(_DAMAGED) from error


def _matched(known: Tokens, context: Tokens) -> tuple[Tensor, Tensor]:
    """For each token of `context` where it stands among `known`, or -1; and which of `known` are not in it as they were."""
    names = [_names(each) for each in (known, context)]
    where = {name: n for n, name in enumerate(names[0])}
    index_L = torch.tensor([where.get(name, -1) for name in names[1]], dtype=torch.int64, device=known.place_BL3.device)
    found_L = index_L >= 0
    same_L = (known.values_BLC[0, index_L] == context.values_BLC[0]).all(-1) & (
        known.level_BL[0, index_L] == context.level_BL[0]
    )
    index_L = torch.where(found_L & same_L, index_L, -1)
    gone = torch.ones(known.count, dtype=torch.bool, device=index_L.device)
    gone[index_L[index_L >= 0]] = False
    return index_L, gone.nonzero()[:, 0]


def _names(row: Tokens) -> list[tuple[float, ...]]:
    """By place and role."""
    return [(*place, role) for place, role in zip(row.place_BL3[0].tolist(), row.role_BL[0].tolist(), strict=True)]
