# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutants that no test can tell from the code, with the reason. ``make mutants`` prints the name that goes here."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {
    "_plan.py Pattern.matches: 1 -> (2)": "what stands before the first slash is the same however often one splits",
    "_plan.py make_plan: 0 -> (1)": "an objection has a reason and a sentence, or neither",
    "_resources/_engine.py : 4.0 -> (5.0)": "whether it looks again after four seconds or five, it looks",
    "_ledger.py Ledger.__init__: 8 -> (9)": "a name is unlike others with eight bytes or nine",
    "_locks.py : 0.5 -> (1.5)": "whether a lock is asked for again twice a second or less often, it is",
    "_resources/cost_types.py : 'Stripe' -> ('Stripex')": "a method whose slug its title makes is refused by its slug",
}
