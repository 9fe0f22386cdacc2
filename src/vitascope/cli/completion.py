"""What may follow while a line is typed: commands after a slash, otherwise the subjects of the film."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

__all__ = ["Words"]


class Words(Completer):
    """Completes from `commands`, and from what `subjects` gives at the time."""

    def __init__(self, commands: Iterable[str], subjects: Callable[[], Iterable[str]]) -> None:
        self._commands, self._subjects = [f"/{name}" for name in commands], subjects

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """The words that the last one on the line may be the beginning of."""
        before = document.text_before_cursor
        begun = before if before.startswith("/") and " " not in before else document.get_word_before_cursor()
        known = self._commands if begun.startswith("/") else self._subjects()
        for word in known:
            if begun and word.startswith(begun) and word != begun:
                yield Completion(word, start_position=-len(begun))
