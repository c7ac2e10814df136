/*
Copyright: (c) 2026, wpfleet.mainwp contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later

The order of what a search finds: a page that is called by a word of the query comes before those that only mention it.
The other numbers are those of Sphinx.
*/
const asked = (new URLSearchParams(window.location.search).get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);

var Scorer = {
  score: ([, title, anchor, , score]) =>
    score + (anchor ? 0 : 20 * asked.filter((word) => title.toLowerCase().includes(word)).length),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
