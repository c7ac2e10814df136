# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short campaign of trees; ``make soak ARGS=--trees`` for a long one."""

from __future__ import annotations

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _caches

from .trees import run


@pytest.mark.parametrize("seed", range(10))
def test_a_tree_is_told_as_it_was_done(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(_caches, "SLACK", _caches.SLACK * 100)  # time goes faster, a busy machine does not
    story = run(seed)
    assert not story.violations, str(story)
