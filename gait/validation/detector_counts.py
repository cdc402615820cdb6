"""What the detection study says about each detector, as counts for the reasoning.

``python -m gait.validation.detector_counts`` reads the tables of the last study (``reports/findings``) and writes
``gait/causes/data/detectors.csv``: how often a clear case was found, and how often the finding was seen in people
without it. The reasoning joins these counts with our estimates, because made walkers are not patients.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import pandas as pd

from gait.validation.rows import choose, groups, numbers

COLUMNS = ("finding", "cases", "found", "others", "alarms")


def count_detections(tables: Path) -> pd.DataFrame:
    """Counts by finding.

    Parameters
    ----------
    tables
        Folder of the study: ``sensitivity.csv``, ``false_alarms.csv``, ``other_faults.csv``.

    Returns
    -------
    pandas.DataFrame
        ``finding``; ``cases``: films with a clear case planted (severity of the study's goal and above), ``found``: on
        the right side; ``others``: judged films of healthy and otherwise ill walkers, ``alarms``: seen there.
    """
    from gait.validation.detection_tables import SEVERE_FROM

    planted = pd.read_csv(tables / "sensitivity.csv")
    clear = choose(planted, (planted["severity"] >= SEVERE_FROM) & (planted["arm"] == "planted"))
    healthy = pd.read_csv(tables / "false_alarms.csv")
    ill = pd.read_csv(tables / "other_faults.csv")
    counts = pd.DataFrame({"finding": sorted(healthy["finding"])})
    for column, table, key, source in (
        ("cases", clear, "planted", "films"),
        ("found", clear, "planted", "found"),
        ("healthy", healthy, "finding", "judged"),
        ("healthy_alarms", healthy, "finding", "alarms"),
        ("ill", ill, "finding", "films"),
        ("ill_alarms", ill, "finding", "alarms"),
    ):
        sums = {name: int(numbers(part, source).sum()) for (name,), part in groups(table, key)}
        counts[column] = [sums.get(name, 0) for name in counts["finding"]]
    counts["others"] = counts["healthy"] + counts["ill"]
    counts["alarms"] = counts["healthy_alarms"] + counts["ill_alarms"]
    return counts.loc[:, list(COLUMNS)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the counts into the knowledge of the reasoning."""
    parser = argparse.ArgumentParser(prog="python -m gait.validation.detector_counts", description=__doc__)
    parser.add_argument("--tables", type=Path, default=Path("reports/findings"), help="Folder of the study's tables.")
    options = parser.parse_args(arguments)
    target = Path(str(resources.files("gait.causes") / "data" / "detectors.csv"))
    counts = count_detections(options.tables)
    draft = target.with_suffix(".csv.new")
    counts.to_csv(draft, index=False)
    draft.replace(target)
    print(f"{target}: {len(counts)} findings, {counts['cases'].sum()} clear cases, {counts['others'].sum()} others")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
