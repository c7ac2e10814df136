# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wave must not begin."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.fleet import wave_gate

#: Two canaries, a wave of two, and the rest.
EVERYBODY = ["c1", "c2", "a1", "a2", "b1", "b2", "b3", "b4", "b5", "b6"]
CANARIES, SECOND, THIRD = EVERYBODY[:2], EVERYBODY[2:4], EVERYBODY[4:]


def bad(wave: list[str], **more: Any) -> dict[str, Any]:
    return {"failure": "failed (health)", "held": False, "unseen": "", "wave": wave, **more}


def unseen(wave: list[str], **more: Any) -> dict[str, Any]:
    return {"failure": "", "held": False, "unseen": "/: HTTP 403", "wave": wave, **more}


def left_alone(wave: list[str]) -> dict[str, Any]:
    return {"failure": "", "held": True, "unseen": "", "wave": wave}


def gate(noted: dict[str, Any], batch: list[str], gone: tuple[str, ...] = (), **options: Any) -> str:
    """For the first of a wave."""
    active = [host for host in EVERYBODY if host not in gone]
    return wave_gate(noted, batch[0], EVERYBODY, active, batch, **options)


def test_nothing_closes_the_first_wave() -> None:
    assert gate({"c2": bad(CANARIES)}, CANARIES) == ""
    assert gate({"c2": unseen(CANARIES)}, CANARIES) == ""
    assert gate({}, CANARIES[1:], gone=("c1",)) == ""


@pytest.mark.parametrize(
    ("limit", "failed", "closed"),
    [
        (None, 0, False),
        (None, 1, True),
        ("", 1, True),
        (0, 1, True),
        ("0", 1, True),
        ("1", 1, False),
        (1, 2, True),
        ("10%", 1, True),  # a tenth of two canaries is none
        ("50%", 1, False),
        ("49%", 1, True),
        ("100%", 2, False),
    ],
)
def test_failed_sites_of_earlier_waves(limit: Any, failed: int, closed: bool) -> None:
    noted = {host: bad(CANARIES) for host in CANARIES[:failed]}
    text = gate(noted, SECOND, max_failed_sites=limit)
    expected = f"Not touched, because of sites that failed in an earlier wave: {', '.join(CANARIES[:failed])}."
    assert text == (expected if closed else "")


def test_percentages_are_of_the_sites_in_earlier_waves() -> None:
    noted = {"a1": bad(SECOND)}
    assert gate(noted, THIRD, max_failed_sites="25%") == ""
    assert "a1" in gate(noted, THIRD, max_failed_sites="24%")


def test_a_limit_that_makes_no_sense_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="fleet_maintenance_max_failed_sites: 'some' is neither"):
        gate({"c1": bad(CANARIES)}, SECOND, max_failed_sites="some")


def test_a_host_that_is_gone_without_a_word_failed() -> None:
    assert "c2" in gate({"c2": {}}, SECOND, gone=("c2",))
    assert gate({"b1": {}}, SECOND, gone=("b1",)) == "", "it is not of an earlier wave"


def test_those_of_the_same_wave_close_it_for_nobody() -> None:
    """Under strategy free the others may have failed already, or been left alone, when the last one asks."""
    failed = {"a1": bad(SECOND), "c1": {}}
    assert wave_gate(failed, "a2", EVERYBODY, [*CANARIES, "a2", *THIRD], ["a2"]) == ""
    held = {"c1": bad(CANARIES), "b1": left_alone(THIRD), "b2": left_alone(THIRD)}
    active = ["c2", "a1", "a2", *THIRD[2:]]
    text = wave_gate(held, "b3", EVERYBODY, active, ["b3", "b4"])
    assert text == "Not touched, because of sites that failed in an earlier wave: c1."


def test_a_canary_that_nobody_saw_healthy() -> None:
    text = gate({"c2": unseen(CANARIES)}, SECOND)
    assert "nobody saw the pages of these canary sites healthy after their update: c2 (/: HTTP 403). " in text
    assert "fleet_maintenance_health_check" in text
    assert gate({"c2": unseen(CANARIES)}, SECOND, require_health=False) == ""
    assert "c2" in gate({"c2": unseen(CANARIES)}, THIRD)


def test_failures_that_are_tolerated_are_still_to_be_seen() -> None:
    broken = bad(CANARIES, unseen="/: HTTP 500")
    assert "failed in an earlier wave: c1." in gate({"c1": broken}, SECOND)
    text = gate({"c1": broken}, SECOND, max_failed_sites="50%")
    assert "canary sites healthy after their update: c1 (/: HTTP 500)." in text
    assert gate({"c1": broken}, SECOND, max_failed_sites="50%", require_health=False) == ""
    assert gate({"c1": bad(CANARIES)}, SECOND, max_failed_sites="50%") == ""


def test_many_names_are_cut() -> None:
    noted = {host: bad([]) for host in EVERYBODY}
    assert "b1, b2 and 4 more." not in gate(noted, SECOND)
    assert "c1, c2, a1, a2, b1 and 5 more." in gate(noted, SECOND)
