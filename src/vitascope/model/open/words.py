"""Words and pictures as the encoders of open weights read them: UMT5 for what is said, CLIP for what a film begins with."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import AutoTokenizer, CLIPImageProcessorPil, CLIPVisionModel, UMT5EncoderModel
from transformers.utils import logging

from vitascope.model.catalogue import WeightsError
from vitascope.model.denoiser import Words
from vitascope.model.open.folder import Folder, reason_of

LONGEST = 512
"""Pieces of words that an instruction has room for; what is longer is cut off, as it was in training."""


def tidied(text: str) -> str:
    """One line without HTML entities, as in training."""
    return " ".join(html.unescape(html.unescape(text)).split())


class WordReader:
    """Instructions to vectors. The rest of a line is empty and yet looked at, for so the networks were trained."""

    def __init__(self, tokenizer: Any, encoder: UMT5EncoderModel, *, longest: int = LONGEST) -> None:
        self.tokenizer, self.encoder, self.longest = tokenizer, encoder, longest

    @torch.no_grad()
    def read(self, texts: Sequence[str]) -> Words:
        """One row for each text; `values_BSD` is 0 where it is empty, `present_BS` is True everywhere."""
        pieces = self.tokenizer(
            [tidied(text) for text in texts],
            padding="max_length",
            max_length=self.longest,
            truncation=True,
            add_special_tokens=True,
            return_attention_mask=True,
            return_tensors="pt",
        )
        device = self.encoder.device
        said_BS = pieces.attention_mask.to(device)
        values_BSD = self.encoder(pieces.input_ids.to(device), said_BS).last_hidden_state
        values_BSD = values_BSD * said_BS[..., None].to(values_BSD.dtype)
        return Words(values_BSD=values_BSD, present_BS=torch.ones_like(said_BS, dtype=torch.bool))


class PictureReader:
    """What is seen in a picture, as vectors; for weights that look at the first picture so."""

    def __init__(self, processor: CLIPImageProcessorPil, encoder: CLIPVisionModel) -> None:
        self.processor, self.encoder = processor, encoder

    @torch.no_grad()
    def read(self, picture_BCHW: Tensor) -> Tensor:
        """(B, S, D) of pictures in [-1, 1]."""
        shown = ((picture_BCHW.float().cpu().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
        ready = self.processor(images=[each.permute(1, 2, 0).numpy() for each in shown], return_tensors="pt")
        values = ready["pixel_values"].to(self.encoder.device, self.encoder.dtype)
        seen = self.encoder(values, output_hidden_states=True).hidden_states
        assert seen is not None
        return seen[-2]


def load_words(folder: Folder, *, device: str = "cpu", dtype: torch.dtype = torch.bfloat16) -> WordReader:
    """The text encoder of a folder with its tokenizer."""
    folder.tensors("text_encoder")
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder.path / "tokenizer", local_files_only=True)
        encoder = UMT5EncoderModel.from_pretrained(
            folder.path / "text_encoder", dtype=dtype, local_files_only=True, use_safetensors=True
        )
    except (ValueError, OSError, RuntimeError) as error:
        raise WeightsError(f"The text encoder cannot be loaded ({reason_of(error)}): {folder.path}") from error
    encoder.eval().to(device=device)  # type: ignore[call-arg]
    return WordReader(tokenizer, encoder)


def load_pictures(folder: Folder, *, device: str = "cpu", dtype: torch.dtype = torch.bfloat16) -> PictureReader | None:
    """What looks at pictures, or None where these weights do without."""
    if "image_encoder" not in folder.parts:
        return None
    folder.tensors("image_encoder")
    logging.disable_progress_bar()
    try:
        processor = CLIPImageProcessorPil.from_pretrained(folder.path / "image_processor", local_files_only=True)
        encoder = CLIPVisionModel.from_pretrained(
            folder.path / "image_encoder", dtype=dtype, local_files_only=True, use_safetensors=True
        )
    except (ValueError, OSError, RuntimeError) as error:
        raise WeightsError(f"The picture encoder cannot be loaded ({reason_of(error)}): {folder.path}") from error
    encoder.eval().to(device=device)  # type: ignore[call-arg]
    return PictureReader(processor, encoder)
