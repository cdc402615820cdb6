"""Task clips made of formulas, and the whole chain on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gait.core.analysis import Analysis
from gait.core.recording import Recording
from gait.core.subject import Subject
from gait.core.tasks import TaskId
from gait.pipeline import Settings, analyze_pose
from gait.simulate.tasks import TaskWalker


def analyse_clip(clip: TaskWalker, task: TaskId | None = None) -> Analysis:
    """Analyse a clip as the task it shows, or as another one."""
    pose = clip.pose()
    duration_s = float(pose.time_s[-1] - pose.time_s[0])
    recording = Recording(
        Path("clip.nc"), pose.width_px, pose.height_px, 60.0, len(pose.time_s), duration_s, codec="keypoints"
    )
    settings = Settings(task=task or clip.task)
    return analyze_pose(pose, Subject(height_m=clip.person.height_m), settings, recording=recording)


@pytest.fixture(scope="session")
def seen():
    """Analyses of clips, made once each."""
    made: dict[tuple[TaskWalker, TaskId], Analysis] = {}

    def get(clip: TaskWalker, task: TaskId | None = None) -> Analysis:
        key = (clip, task or clip.task)
        if key not in made:
            made[key] = analyse_clip(clip, task)
        return made[key]

    return get
