# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What WordPress takes for a user as it is given, held to what the simulated WordPress makes of it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integration._fleets import child, fleet

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._things.users import Account, Users, users_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._users import (
    email_from,
    login_from,
    password_from,
    same_login,
    web_from,
)
from simulator import people


@given(st.text(alphabet="abzAZ09 _.-@!ü%<>&;\\'\t", max_size=12))
def test_a_login_that_is_taken_is_stored_as_it_is(text: str) -> None:
    try:
        login = login_from("login", text)
    except InputError:
        assert people.clean_login(text) != text or text in ("", "0")
    else:
        assert people.clean_login(login) == login


@given(st.text(alphabet="ab9.-_@+' ü%&\\\"", max_size=16))
def test_an_address_that_is_taken_is_stored_as_it_is(text: str) -> None:
    try:
        email = email_from("email", text)
    except InputError:
        return
    assert people.clean_email(email) == email


@pytest.mark.parametrize("good", ["anna@x.test", "Anna.O'Hara+1@mail.example.co", "a@b-c.de", "x_y@1.example"])
def test_addresses(good: str) -> None:
    assert email_from("email", good) == good


@pytest.mark.parametrize(
    "bad", ["", "anna", "a@b", "@x.test", "a@x..test", "a@-x.test", "a@x.test.", "ä@x.test", "a%20b@x.test"]
)
def test_what_is_no_address(bad: str) -> None:
    with pytest.raises(InputError):
        email_from("email", bad)


def test_an_address_longer_than_its_column() -> None:
    with pytest.raises(InputError, match="another address"):
        email_from("email", f"{'a' * 95}@x.test")


def test_passwords_are_refused_without_being_quoted() -> None:
    assert password_from("password", "p%20+ä&<b>", edited=False) == "p%20+ä&<b>"
    for password in ("Grüße-9", " secret-1", "back\\slash", "tab\there\x00", "it's-a-secret", 'a "secret"'):
        with pytest.raises(InputError) as caught:
            password_from("password", password, edited=True)
        assert password.strip() not in str(caught.value)


@given(st.text(alphabet="ab9 %+&<>'\"\\\\ä", max_size=6))
def test_whoever_is_given_a_password_can_log_in_with_it(text: str) -> None:
    """Not with quotes: on a real site the login page said that the password is incorrect."""
    try:
        password = password_from("password", text, edited=False)
    except InputError:
        return
    assert people.logs_in({"_password": password.strip().encode()}, text)


def test_logins_are_the_same_whatever_the_case() -> None:
    assert same_login("Anna", "anna")
    assert not same_login("anna", "annab")


@pytest.mark.parametrize(
    "bad", ["x.test", "ftp://x.test", "https://x test", f"https://{'x' * 100}.test", 'https://x.test/"']
)
def test_what_is_no_web_page(bad: str) -> None:
    with pytest.raises(InputError):
        web_from("user_url", bad)


def test_only_what_is_given_is_written_each_time() -> None:
    """``update_profile: always`` without any text writes nothing."""
    options = {"login": "anna", "state": "present", "update_password": "always", "update_profile": "always"}
    assert users_from(options).wish.again == frozenset()
    assert users_from({**options, "nickname": "an"}).wish.again == {"profile"}


@pytest.mark.parametrize(("length", "taken"), [(250, True), (251, False)])
def test_a_name_is_taken_where_its_column_holds_it(length: int, taken: bool) -> None:
    """On a real site a longer one was answered with a success, and the e-mail address beside it was not stored either."""
    made, name = fleet(child()), "x" * length
    people.change(made, made.sites[1], 1, {"role": "donotupdate", "display_name": name, "email": "new@x.example"})
    assert (made.sites[1].child.users[0]["email"] == "new@x.example") is taken
    options = {"login": "anna", "state": "present", "display_name": name, "update_profile": "always"}
    with contextlib.nullcontext() if taken else pytest.raises(InputError, match="has 251 characters"):
        users_from(options)


def wish(**more: object) -> Users:
    given = {"login": "anna", "state": "present", "email": "anna@x.test", "role": "editor"}
    return users_from({**given, **more})


BOB = {"login": "bob", "before": None, "after": {"role": "editor", "email": "bob@x.test"}}


@pytest.mark.parametrize(
    ("rival", "told", "then"),
    [
        ("", [{**BOB, "after": {"role": "editor", "email": "anna@x.test"}}], "bob"),
        ("", [BOB], ""),
        ("", [{**BOB, "login": "ANNA", "after": {"role": "editor", "email": "anna@x.test"}}], ""),
        ("", [{**BOB, "after": {"role": "editor"}}], ""),
        ("bob", [BOB], ""),
        ("bob", [{**BOB, "after": None}], ""),
        ("bob", [{**BOB, "after": {"role": "author"}}], "bob"),
        ("bob", [{**BOB, "after": {"role": "author", "email": "anna@x.test"}}], "bob"),
        ("eve", [BOB], "eve"),
        ("bob", [BOB, {**BOB, "login": "eve", "after": {"role": "editor", "email": "anna@x.test"}}], "eve"),
    ],
)
def test_who_has_the_address_once_others_are_done(rival: str, told: list[dict[str, object]], then: str) -> None:
    """One that is given another address, or goes, leaves it to this one; one that gets it takes it."""
    assert wish().foreseen(Account(None, False, rival), told).rival == then


def test_who_goes_goes_first() -> None:
    """An e-mail address is free once who had it is gone."""
    gone = users_from({"login": "bob", "state": "absent", "posts": "reassign_to_connection_user"})
    assert gone.turn < wish().turn
