# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of clients as names of files."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.names import LONGEST, file_name


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Müller GmbH", "mueller-gmbh"),
        ("MÜLLER & SÖHNE", "mueller-soehne"),
        ("Strauß / Weiß", "strauss-weiss"),
        ("STRAẞE", "strasse"),
        ("Ångström & Øre A/S", "aangstroem-oere-a-s"),
        ("Łódź Żółw", "lodz-zolw"),
        ("Café Zoë – l'Œuvre", "cafe-zoe-l-oeuvre"),
        ("Þórður Ðað", "thordur-dad"),
        ("İstanbul Işık", "istanbul-isik"),
        ("Lindgren & Sons", "lindgren-sons"),
        ("{{ 6 * 7 }} Media", "6-7-media"),
        ("ACME™ №1 ½", "acmetm-no1-½"),
        ("ﬁne １２", "fine-12"),
        ("日本 株式会社", "日本-株式会社"),
        ("Привет", "привет"),
        ("Ελλάδα", "ελλάδα"),
        ("हिन्दी", "हिनदी"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden\x00\n\\name:", "hidden-name"),
        ("a\u202etxt.exe\u200b", "a-txt-exe"),
        ("📻", ""),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_names_that_people_can_read(name: str, file: str) -> None:
    assert file_name(name) == file
    # typed on another system, where marks are characters of their own
    assert file_name(unicodedata.normalize("NFD", name)) == file


def test_long_names_end_with_a_whole_letter() -> None:
    assert file_name("and Sons " * 40) == ("and-sons-" * 9)[:LONGEST].strip("-")
    assert file_name("株" * 60) == "株" * (LONGEST // 3)


@given(st.text(max_size=200))
def test_any_name_is_safe(text: str) -> None:
    name = file_name(text)
    assert len(name.encode()) <= LONGEST
    assert name == name.lower().strip("-. ") == unicodedata.normalize("NFC", name)
    assert not set(name) & set('/\\:*?"<>|.\0 ')
    assert file_name(name) == name
