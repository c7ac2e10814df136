# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites with users, and what is told of them."""

from __future__ import annotations

from integration._fleets import child

from simulator import people

USER, USERS = "mainwp_user", r"/mainwp/v2/users.*"
CREATE, EDIT, DELETE = "/mainwp/v2/users/create", r"/mainwp/v2/users/\d+/\d+/edit", r"/mainwp/v2/users/\d+/\d+/delete"
ADMIN = {"username": "admin", "email": "admin@x.example", "role": "administrator", "posts": "1"}
ANNA = {"all_sites": True, "login": "anna", "email": "anna@x.example", "role": "editor"}
GONE = {"all_sites": True, "login": "anna", "state": "absent", "posts": "reassign_to_connection_user"}
SECRET = "correct-horse-7"


def user(login: str = "anna", role: str = "editor", **more):
    return {"username": login, "email": f"{login}@x.example", "role": role, **more}


def site_of(*more, **fields):
    return child(users=[dict(ADMIN), *more], **fields)


def told(result):
    """Action, before, after, result and reason of every entry, site after site."""
    keys = ("action", "before", "after", "result", "reason")
    return [tuple(entry[key] for key in keys) for site in result["sites"] for entry in site["users"]]


def known(sim, number: int = 1, login: str = "anna"):
    return people.by_login(sim.fleet.sites[number].child, login)


def role(name: str, email: str = "anna@x.example") -> dict[str, str]:
    return {"role": name, "email": email}


def happens(play, path, change, **more):
    """Something changes on the sites right before a request."""
    play.sim.faults.add(action="hook", path=path, before=change, after=lambda: None, **more)
