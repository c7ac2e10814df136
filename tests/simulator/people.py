# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a child, as its WordPress keeps them. A user is a dict; what no route tells begins with an underscore."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from .php import collated, php_text

if TYPE_CHECKING:
    from .fleet import Fleet
    from .state import Child, Site

User = dict[str, Any]
#: What the column of the name that visitors see holds; with more, WordPress writes nothing of the row.
LONGEST_NAME = 250
_LOCAL = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.\-]+"


def settled(users: list[User]) -> list[User]:
    """With a number each; a WordPress has an administrator."""
    known = users or [{"username": "admin", "email": "admin@site.example", "role": "administrator", "posts": "1"}]
    for number, user in enumerate(known, start=1):
        user.setdefault("id", number)
        user.setdefault("name", nicename(user["username"]))
        user.setdefault("posts", "0")
        user.setdefault("email", "")
    return known


def row(user: User, site_id: int) -> User:
    """A user as the API tells it; the role is the first one."""
    names = ("username", "name", "email", "role", "posts")
    return {"id": user["id"], "website_id": site_id} | {name: user[name] for name in names}


def roles_of(user: User) -> list[str]:
    """All its roles: plugins give some several."""
    return [user["role"], *user.get("_more_roles", ())]


def has_all_rights(user: User) -> bool:
    """Whether MainWP Child takes it for an administrator: by the role, or by the level that a role somebody made may give, too
    (source)."""
    return "administrator" in roles_of(user) or user.get("_level") == 10


def by_number(child: Child, number: int) -> User | None:
    return next((user for user in child.users if user["id"] == number), None)


def by_login(child: Child, login: str) -> User | None:
    return next((user for user in child.users if collated(user["username"]) == collated(login)), None)


def searched(child: Child, text: str, roles: list[str]) -> list[User]:
    """By a part of the login, then of the display name, then of the e-mail address; each once."""
    wanted = collated(text.strip("*"))
    ordered = sorted(child.users, key=lambda user: collated(user["username"]))
    found: list[User] = []
    for column in (lambda user: user["username"], shown_name, lambda user: user["email"]):
        found += [user for user in ordered if user not in found and wanted in collated(column(user))]
    return [user for user in found if not roles or set(roles) & set(roles_of(user))]


def shown_name(user: User) -> str:
    whole = f"{user.get('_first_name', '')} {user.get('_last_name', '')}".strip()
    return str(user.get("_display_name") or whole or user["username"])


def add(fleet: Fleet, site: Site, given: dict[str, str]) -> str:
    """``wp_insert_user``; its complaint, or ""."""
    login, email = clean_login(given["user_login"]), given["user_email"]
    child = site.child
    if login in ("", "0"):
        return "Cannot create a user with an empty login name."
    if len(login) > 60:
        return "Username may not be longer than 60 characters."
    if by_login(child, login):
        return "Sorry, that username already exists!"
    if email and any(collated(user["email"]) == collated(email) for user in child.users):
        return "Sorry, that email address is already used!"
    if len(f"{given['first_name']} {given['last_name']}".strip()) > LONGEST_NAME:
        return "Undefined error!"
    with fleet.lock:
        child.last_user = max(child.last_user, *(user["id"] for user in child.users), 0) + 1
        user = {
            "id": child.last_user,
            "username": login,
            "name": nicename(login),
            "email": email,
            "role": given["role"],
            "posts": "0",
            "_password": given["user_pass"].strip().encode(),
            "_first_name": given["first_name"],
            "_last_name": given["last_name"],
            "_url": given["user_url"],
        }
        child.users.append(user)
        fleet.moved(site.id, "user", login, "", given["role"])
    return ""


def change(fleet: Fleet, site: Site, number: int, data: dict[str, str]) -> str:
    """What the child makes of an edit; its complaint, or ""."""
    user = by_number(site.child, number)
    if user is None:
        return "User not found."
    email = data.get("email") or user["email"]
    if "\\" in data.get("user_pass", ""):
        return ' <strong>ERROR</strong>: Passwords may not contain the character "\\".'
    if not email:
        return " <strong>ERROR</strong>: Please enter an email address."
    if any(other is not user and collated(other["email"]) == collated(email) for other in site.child.users):
        return " <strong>ERROR</strong>: This email is already registered, please choose another one."
    if len(data.get("display_name", "")) > LONGEST_NAME:
        return ""  # seen on a real site: a success, and neither name, address nor password is stored
    with fleet.lock:
        role = data["role"]
        if role not in ("donotupdate", user["role"]) and number != site.child.connection_user:
            fleet.moved(site.id, "user", user["username"], user["role"], role)
            user["role"] = role
            user.pop("_more_roles", None)
        if email != user["email"]:
            fleet.moved(site.id, "user", user["username"], user["email"], email)
            user["email"] = email
        if data.get("pass1"):
            user["_password"] = data["user_pass"].strip().encode("latin-1", "replace")
        for name in ("first_name", "last_name", "url", "nickname", "display_name", "description"):
            if data.get(name) not in (None, "", "0"):
                user[f"_{name}"] = data[name]
    return ""


def remove(fleet: Fleet, site: Site, number: int) -> None:
    """Its posts go to the connection user, which may go itself."""
    user = by_number(site.child, number)
    if user is None:
        return
    with fleet.lock:
        site.child.users.remove(user)
        heir = by_number(site.child, site.child.connection_user)
        if heir:
            heir["posts"] = str(int(heir["posts"]) + int(user["posts"]))
        fleet.moved(site.id, "user", user["username"], user["role"], "")


def logs_in(user: User, typed: str) -> bool:
    """Whether this password does on the site's own login page, which puts backslashes before quotes (seen on a real site)."""
    return bool(user["_password"] == re.sub(r"([\\\\'\"])", r"\\\1", typed).encode())


def made_up() -> str:
    """A password that nobody chose."""
    return "s^lPwddgX4d^YWdLlLr5YlWA"


def clean_login(value: Any) -> str:
    """``sanitize_user``, strict: no accents, no signs but these."""
    text = re.sub(r"<[^>]*>", "", php_text(value))
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = re.sub(r"&.+?;", "", re.sub(r"%[a-fA-F0-9]{2}", "", text))
    return re.sub(r"\s+", " ", re.sub(r"[^a-zA-Z0-9 _.\-@]", "", text).strip())


def nicename(login: str) -> str:
    """``sanitize_title`` of a login."""
    return re.sub(r"[\s.\-]+", "-", re.sub(r"[@]", "", login.lower())).strip("-")


def clean_email(value: Any) -> str:
    """``sanitize_email``: what is no address becomes nothing."""
    text = php_text(value)
    local, at, domain = text.partition("@")
    if len(text) < 6 or not at:
        return ""
    local = "".join(re.findall(_LOCAL, local))
    parts = [
        re.sub(r"[^a-zA-Z0-9-]", "", part).strip("-") for part in re.sub(r"\.{2,}", "", domain).strip(". ").split(".")
    ]
    good = [part for part in parts if part]
    return f"{local}@{'.'.join(good)}" if local and len(good) > 1 else ""
