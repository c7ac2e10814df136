# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What WordPress keeps of a text, held against what real Dashboards were seen to keep."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.normalise import decoded
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _texts
from simulator.php import clean_text, esc_html

#: What a real Dashboard was sent, and what it listed afterwards (as text, without entities).
RECORDED = {
    'Müller & Söhne "GmbH" <b>x</b> O\'Brien 😀': 'Müller & Söhne "GmbH" x O\'Brien 😀',
    "Straße 1\nHinterhaus": "Straße 1 Hinterhaus",
    " two  spaces ": "two spaces",
    "line 1\nline 2 <i>it</i> & \"q\" 's' 100% %20": "line 1 line 2 it & \"q\" 's' 100%",
    "Acme \"A\" & <B> 'c' ü": "Acme \"A\" & 'c' ü",
    "R&D \"x\" 'y' <b>z</b>": "R&D \"x\" 'y' z",
    "R&amp;D": "R&D",
    "<b></b>": "",
    "https://fb.test/m?a=1&b=2": "https://fb.test/m?a=1&b=2",
}


@pytest.mark.parametrize("text", RECORDED)
def test_it_is_kept_as_recorded(text: str) -> None:
    assert _texts.kept(text) == RECORDED[text]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I <3 you", "I <3 you"),
        ("a < b > c", "a < b > c"),
        ("<script>alert(1)</script>Acme", "Acme"),
        ('<a title=">">x</a>', "x"),
        ("it <b's> rest", "it"),
        ("<!-- a > b -->c", "c"),
        ("<!-->a", "a"),
        ("a<? b > c ?>d", "ad"),
        ("a<? b > c", "a"),
        ("50%%2020", "50"),
        ("a=1&copy=2", "a=1&copy=2"),
        ("a\u00a0b\u00a0", "a\u00a0b\u00a0"),
    ],
)
def test_what_no_recording_shows_follows_wordpress(text: str, kept: str) -> None:
    assert _texts.kept(text) == kept


@given(st.text(st.sampled_from("ab &;<>!-%2'\"0\\\n\u00e4#"), max_size=12))
@example("50&#37;ab off, &lt;now&gt;")
def test_what_is_sent_arrives(text: str) -> None:
    """What the simulator, told apart from this code, stores of what is sent is what was foreseen."""
    value = _texts.kept(text)
    stored = clean_text(_texts.sent(value))
    assert decoded(stored) == value
    assert decoded(esc_html(stored)) == value
