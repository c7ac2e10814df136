# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How carefully sites are worked on."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of what writes to many sites, in lanes."""

    DOCUMENTATION = r"""
options:
  reconnect:
    description:
      - Repair sites that are disconnected or locked out by reconnecting them first.
      - Off by default, since it would undo an intended disconnect. A site that was well before, and that a sync of the
        task itself locks out, is reconnected once all the same.
    type: bool
    default: false
  max_failed_sites:
    description:
      - Up to so many failed sites - a number, or a percentage such as V(10%) of the sites with something to do or whose data
        is too old to tell - are tolerated as warnings. Once there are more, nothing new is started and the task fails.
      - Without it everything is tried, and any failure makes the task fail.
    type: str
  stop_after:
    description:
      - Start nothing new after so many seconds, or after a clock time such as V(05:30) (quoted, the controller's time).
      - Or from a moment on, such as V(2026-11-27T04:30:00Z), with its zone; nothing at all if it is over.
      - What is left is skipped as C(out_of_time).
    type: str
  lock_dir:
    description:
      - The directory for lock files, on the machine that runs the job. Runs that share it never work on one site, nor on
        two sites of one server, at the same time, and each of them syncs and plans again when its turn comes. Two runs at
        once on one site destroy its plugins.
      - A lock is held for each site that has something to do, from before its sync until what was done is verified and its
        pages are seen. The background batch of M(wpfleet.mainwp.mainwp_batch_update) on WordPress before 6.9 holds those of
        all its sites, for the Dashboard works on them all.
      - Locks reach no further than the directory. They do not keep away jobs in other containers, which is what AWX makes
        of every job, runs on other machines, or a run on the controller and one with O(run_on=host). A Dashboard goes by the
        address in O(url), so a run that calls it by another one, which is no other spelling, is not kept away either.
        RV(locking) tells where they were held.
      - V(none) switches locking off. A directory that cannot be used is an error before the first write.
      - Check mode takes no lock and creates nothing.
    type: path
    default: ~/.ansible/mainwp-locks
  lock_timeout:
    description:
      - How long to wait for one and the same holder of a lock, in seconds. Then that site is failed with the reason
        C(locked), untouched, and the others go on.
    type: int
    default: 600
  details:
    description:
      - How much a task that fails returns, and so shows on the terminal. V(some) is up to 20 sites with something to tell,
        those in trouble first. V(all) is all sites, as in a task that does not fail. With C(-v) it is always all.
      - RV(trouble) and RV(summary) always speak of all sites.
    type: str
    choices: [some, all]
    default: some
"""

    SYNCED = r"""
options:
  max_age:
    description:
      - What the Dashboard knows of a site is believed for so many seconds after a sync, and a site that is as it shall be is
        not touched then. Older data is synced first. Right before the first write a site is always synced, and after its
        last one.
      - Check mode syncs nothing. It plans from what is stored, and marks sites with older data as stale.
    type: int
    default: 300
"""

    THINGS = r"""
options:
  hold_after:
    description:
      - What failed on so many sites - the same done to the same plugin, for example - is held for the rest of the run. V(0)
        never holds.
      - It counts sites on which it was sent and failed, and sites that were well before and are not after it was sent - the
        verifying sync fails, or the health check finds pages broken. There, everything that was sent counts.
    type: int
    default: 2
  wait_timeout:
    description:
      - How long to look for what was sent and whose answer was lost, in seconds. What has not happened by then is
        C(unknown).
      - A Dashboard that goes away during the run is waited for as long, but for 600 seconds at most. Then the run is broken
        off.
    type: int
    default: 600
"""
