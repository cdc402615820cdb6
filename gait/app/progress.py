"""Progress on the terminal."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

#: Steps in the order of the chain, in words.
_STEPS = {
    "people": "looking for people",
    "pose": "following the walker",
    "feet": "measuring the feet",
    "identity": "comparing the clips",
    "read": "reading the visits",
    "compare": "comparing the visits",
    "report": "writing the report",
    "overlay": "drawing the overlay film",
}


class ProgressBars:
    """One bar a step; silent where nobody looks (no terminal, or ``--json``)."""

    def __init__(self, title: str, *, is_silent: bool) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.fields[title]}"),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            disable=is_silent or not console.is_terminal,
            transient=True,
        )
        self._title = title
        self._tasks: dict[str, object] = {}

    def __enter__(self) -> ProgressBars:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def tell(self, step: str, share: float) -> None:
        """Move the bar of a step."""
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(_STEPS.get(step, step), total=1.0, title=self._title)
        self._bars.update(self._tasks[step], completed=share)  # pyright: ignore[reportArgumentType]
