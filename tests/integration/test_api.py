# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request as it is given: where it may go, what is said of it, and what is never shown."""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import Fleet, Tag

SECRET = "pä%20ss+w\"ord's"


def two() -> Fleet:
    return fleet(child(), child(), tags=[Tag(1, "Canary")])


def test_a_read_is_sent_with_its_query_also_in_check_mode(direct_for, dialect):
    play = direct_for(two(), dialect)
    query = {"page": 1, "per_page": 1, "_fields": ["id", "url"], "with_tags": False}
    read, check, head, index = play.tasks(
        Task(
            "mainwp_api", {"path": "sites", "query": {**query, "_fields": "id,url"}}, warns=["mainwp_site_info knows"]
        ),
        Task("mainwp_api", {"path": "/wp-json/mainwp/v2/tags/"}, check=True, warns=["mainwp_tag_info knows"]),
        Task("mainwp_api", {"path": "/mainwp/v2/sites/count", "method": "HEAD"}, warns=None),
        Task("mainwp_api", {"path": "/", "query": {"_fields": "namespaces"}}),
    )
    assert (read.changed, read["status"], read["sent"], read["refused"]) == (False, 200, True, False)
    assert [site["url"] for site in read["data"]["data"]] == ["https://s01.example/"]
    assert read["headers"]["content-type"].startswith("application/json")
    assert (check["route"], check["data"]["data"]["1"]["name"]) == ("/mainwp/v2/tags/", "Canary")
    assert (head["status"], head["data"]) == (200, None)
    assert "mainwp/v2" in index["data"]["namespaces"]
    assert read["dashboard"]["dialect"] == "v2"


def test_a_slash_too_much_is_told_as_that(direct_for):
    wrong, unknown = (direct_for(two()).task("mainwp_api", {"path": path}, warns=None) for path in ("/tags", "nothing"))
    assert (wrong["error"]["reason"], unknown["error"]["reason"]) == ("no_route", "no_route")
    assert "MainWP's own routes have none there" in wrong.msg
    assert "permalinks" not in wrong.msg
    assert "permalinks" in unknown.msg


@pytest.mark.parametrize("path", ["tags", "mainwp/v2/tags", "/mainwp/v2/tags", "wp-json/mainwp/v2/tags"])
def test_a_path_may_be_given_as_it_is_found_in_documents(direct_for, path):
    assert direct_for(two()).task("mainwp_api", {"path": path}, warns=None)["route"] == "/mainwp/v2/tags"


def test_a_write_is_sent_once_and_not_in_check_mode(direct_for, dialect):
    play = direct_for(two(), dialect)
    add = {"path": "tags/add", "method": "POST", "body": {"name": "Shops"}}
    check, done, told = play.tasks(
        Task("mainwp_api", add, check=True, warns=["mainwp_tag knows what this really does"]),
        Task("mainwp_api", add, warns=None),
        Task(
            "mainwp_api",
            {"path": "clients/add", "method": "POST", "body": {"note": "x"}, "fail_on_refusal": False},
            warns=None,
        ),
    )
    assert (check.changed, check["sent"], check["status"], check.writes) == (True, False, None, [])
    assert check.msg == "POST /mainwp/v2/tags/add was not sent: check mode."
    assert (done.changed, len(done.writes), done["data"]["success"]) == (True, 1, 1)
    assert (told.changed, told.failed, told["refused"], told["data"]["success"]) == (False, False, True, 0)
    assert len(play.sim.fleet.tags) == 2


def test_a_refusal_with_a_good_status_fails(direct_for):
    play = direct_for(two())
    play.sim.faults.add(action="status", path=r".*/add", code=200, body={"success": 0, "error": "<b>No</b> name."})
    result = play.task("mainwp_api", {"path": "tags/add", "method": "POST", "body": {}}, warns=None)
    assert (result.failed, result["error"]["reason"], result["error"]["status"]) == (True, "api_error", 200)
    assert "No name." in result.msg


def test_statuses_that_are_no_failure(direct_for):
    play = direct_for(two())
    gone = {"path": "tags/99", "method": "GET"}
    failed, fine, write = play.tasks(
        Task(
            "mainwp_api", gone, warns=["no module uses this route: tells less than the list", "mainwp_tag_info knows"]
        ),
        Task("mainwp_api", {**gone, "status_code": [404]}, warns=None),
        Task("mainwp_api", {"path": "tags/99/remove", "method": "DELETE", "status_code": [404]}, warns=None),
    )
    assert (failed.failed, failed["error"]["status"]) == (True, 404)
    assert (fine.failed, fine["status"], fine["data"]["data"]["status"]) == (False, 404, 404)
    assert (write.failed, write.changed, write["status"]) == (False, False, 404)


def test_reads_are_repeated_and_writes_are_not(direct_for):
    play = direct_for(two())
    play.sim.faults.add(action="status", code=503, times=1, body="busy", headers={"Retry-After": "0"})
    play.sim.faults.add(action="reset_after", method="POST", times=1)
    read, write = play.tasks(
        Task("mainwp_api", {"path": "sites/count"}, warns=None),
        Task("mainwp_api", {"path": "tags/add", "method": "POST", "body": {"name": "X"}}, warns=None),
    )
    assert (read.failed, len(read.journal)) == (False, 2)
    assert (write.failed, write["error"]["reason"], len(write.writes)) == (True, "answer_lost", 1)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"path": "https://elsewhere.example/wp-json/mainwp/v2/sites"}, "names a host"),
        ({"path": "//elsewhere.example/sites"}, "names a host"),
        ({"path": "sites?_method=DELETE"}, "has a query"),
        ({"path": "sites#x"}, "has a query"),
        ({"path": "sites/../../../wp-login.php"}, "is not spelled plainly"),
        ({"path": "sites/%2e%2E/x"}, "is not spelled plainly"),
        ({"path": "sites/%2f..%2fx"}, "is not spelled plainly"),
        ({"path": "sites\\..\\x"}, "is not spelled plainly"),
        ({"path": "sites", "query": {"_method": "DELETE"}}, "_method would make another request of it"),
        ({"path": "sites", "query": {"rest_route": "/x"}}, "rest_route would make another request"),
        ({"path": "sites", "query": {" rest.route": "/x"}}, "would make another request"),
        ({"path": "sites", "query": {".method[]": "DELETE"}}, "would make another request"),
        ({"path": "sites", "query": {"consumer_key": "ck_1"}}, "consumer_key would make another request"),
        ({"path": "x", "method": "POST", "form": {"_method": "DELETE"}}, "_method would make another request"),
        ({"path": "sites", "headers": {"X-HTTP-Method-Override": "DELETE"}}, "makes another method of it"),
        ({"path": "sites", "body": {"a": 1}}, "GET has none"),
    ],
)
def test_it_goes_nowhere_else_and_is_what_it_says(direct_for, options, sentence):
    result = direct_for(two()).task("mainwp_api", options)
    assert (result.failed, result["error"]["reason"], result.journal) == (True, "invalid_input", [])
    assert sentence in result.msg


def test_forms_and_lists_are_sent_as_php_reads_them(direct_for):
    play = direct_for(two())
    form = {"name": "A & B", "on": True, "some": ["a", "b"], "in": {"deep": 1, "none": None}}
    result = play.task("mainwp_api", {"path": "/x/y", "method": "POST", "form": form, "status_code": [404]})
    (sent,) = result.writes
    assert sent.form == {"name": "A & B", "on": "1", "some[]": ["a", "b"], "in[deep]": "1"}
    read = play.task("mainwp_api", {"path": "/x/y", "query": {"status": ["a", "b"]}, "status_code": [404]})
    assert read.journal[0].query["status[]"] == ["a", "b"]


def test_passwords_are_never_shown_and_numbers_stay(direct_for):
    """What is sent and what is answered, under names that say so."""
    play = direct_for(two())
    answer = {
        "success": 1,
        "data": {"consumer_secret": "cs_1234567890", "id": 1, "said": f"it is {SECRET}", "token": ""},
    }
    play.sim.faults.add(
        action="status", method="POST", code=200, body=answer, headers={"Set-Cookie": "a=secret"}, times=2
    )
    play.sim.faults.add(action="status", method="POST", code=400, body={"code": "x", "message": f"{SECRET} is bad"})
    body = {"login": "anna", "admin_password": SECRET, "deep": [{"api_key": "0123456789ab"}]}
    task = {"path": "/x/y", "method": "POST", "body": body}
    good, bad, failed = play.tasks(
        Task("mainwp_api", task),
        Task("mainwp_api", {**task, "body": json.dumps(body)}),
        Task("mainwp_api", {**task, "status_code": [1]}),
    )
    for result in (good, bad, failed):
        shown = json.dumps(result.data, ensure_ascii=False)
        assert SECRET not in shown
        assert json.dumps(SECRET) not in shown
        assert "0123456789ab" not in shown
    assert good["data"]["data"] == {"consumer_secret": "********", "id": 1, "said": "it is ********", "token": ""}
    assert good["headers"].get("set-cookie", "********") == "********"
    assert good.writes[0].json == body
    assert "******** is bad" in failed.msg


def test_a_key_that_may_only_read_is_named(direct_for):
    play = direct_for(two())
    play.connection["api_key"] = play.sim.key("read").token
    result = play.task("mainwp_api", {"path": "tags/add", "method": "POST", "body": {"name": "X"}}, warns=None)
    assert (result.failed, result.writes) == (True, [])
    assert "may only read" in result.msg


def test_v1_has_routes_of_its_own(direct_for):
    play = direct_for(two())
    play.connection["api_version"] = "v1"
    read, sync = play.tasks(
        Task("mainwp_api", {"path": "sites/all-sites-count"}, warns=["the list has them all"]),
        Task(
            "mainwp_api", {"path": "site/sync-site", "method": "POST", "query": {"site_id": 1}}, warns=["mainwp_sync"]
        ),
    )
    assert (read["route"], read["data"]["count"]) == ("/mainwp/v1/sites/all-sites-count", 2)
    assert (sync.changed, sync["data"]) == (True, {"SUCCESS": "Process ran."})


def test_the_list_of_keys_shows_no_key_of_api_v1(direct_for):
    """(12): there it stands as the id."""
    keys = direct_for(two()).task("mainwp_api", {"path": "rest-api/keys"}, warns=None)["data"]["data"]
    assert "********" in [row["id"] for row in keys if row["version"] == "v1"]


@pytest.mark.parametrize(("status", "failed"), [(204, False), (200, True)])
def test_an_answer_without_content_is_good_if_it_says_so(direct_for, status, failed):
    play = direct_for(two())
    play.sim.faults.add(method="DELETE", action="status", code=status, body="")
    result = play.task("mainwp_api", {"path": "/x/y/1", "method": "DELETE"})
    assert (result.failed, result.changed, len(result.writes)) == (failed, not failed, 1)
    assert failed or (result["status"], result["data"]) == (204, None)
