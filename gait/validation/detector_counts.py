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
    clear = planted[(planted["severity"] >= SEVERE_FROM) & (planted["arm"] == "planted")]
    cases = clear.groupby("planted")[["films", "found"]].sum()
    healthy = pd.read_csv(tables / "false_alarms.csv").set_index("finding")
    ill = pd.read_csv(tables / "other_faults.csv").set_index("finding")[["films", "alarms"]]
    ill = ill.reindex(healthy.index).fillna(0)
    counts = pd.DataFrame(
        {
            "cases": cases["films"].reindex(healthy.index).fillna(0),
            "found": cases["found"].reindex(healthy.index).fillna(0),
            "others": healthy["judged"] + ill["films"],
            "alarms": healthy["alarms"] + ill["alarms"],
        }
    )
    counts = counts.astype(int).sort_index().reset_index(names="finding")
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
