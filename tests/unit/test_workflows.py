# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs in public: when, with which rights, and what a release waits for.

Whether they are workflows at all, their schema says: `make lint-yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: What GitHub lets others write, such as a branch's name: in a script, it would be run.
OTHERS = re.compile(r"\$\{\{[^}]*(github\.(event|head_ref|ref_name|actor)|inputs\.)")


def loaded(path: Path) -> dict[Any, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # which leaves "on" a word


def jobs_of(path: Path) -> dict[str, Any]:
    return loaded(path)["jobs"]


def steps_of(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs_of(path).values():
        yield from job.get("steps", ())


def named(name: str) -> Path:
    return ROOT / ".github" / "workflows" / f"{name}.yml"


def ancestors(jobs: dict[str, Any], name: str) -> set[str]:
    """All that a job waits for."""
    needs = jobs[name].get("needs", [])
    nearest = {needs} if isinstance(needs, str) else set(needs)
    return nearest.union(*(ancestors(jobs, other) for other in nearest))


by_file = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


@by_file
def test_actions_are_named_by_commit(path: Path) -> None:
    """A tag can be moved to other code. The version stands behind it, for people and for dependabot."""
    used = re.findall(r"^\s*(?:- )?uses: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    for line in used:
        local = re.fullmatch(r"\./(\.github/workflows/[\w.-]+\.yml)", line)
        if local:
            assert "workflow_call" in loaded(ROOT / local[1])["on"], line
        else:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*", line), line


@by_file
def test_the_same_action_has_the_same_commit_everywhere(path: Path) -> None:
    text = "\n".join(other.read_text(encoding="utf-8") for other in WORKFLOWS)
    for action in set(re.findall(r"uses: ([\w./-]+)@", path.read_text(encoding="utf-8"))):
        assert len(set(re.findall(rf"uses: {action}@(.+)", text))) == 1, action


@by_file
def test_a_workflow_may_read_and_what_else_a_job_may_it_says(path: Path) -> None:
    assert loaded(path)["permissions"] == {"contents": "read"}
    for name, job in jobs_of(path).items():
        assert "write-all" not in str(job.get("permissions")), name
        assert "uses" in job or int(job["timeout-minutes"]) <= 60, name
    for step in steps_of(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@by_file
def test_nothing_that_others_write_is_run(path: Path) -> None:
    assert "pull_request_target" not in loaded(path)["on"]
    assert not [step["run"] for step in steps_of(path) if OTHERS.search(step.get("run", ""))]


@by_file
def test_targets_and_tools_that_are_called_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for step in steps_of(path):
        run = step.get("run", "")
        for words in re.findall(r"\bmake ((?:[a-z-]+ ?)+)", run):
            for target in words.split():
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
        for tool in re.findall(r"(?:^| )((?:tests/tools/|\.ci/)[\w./]+)", run):
            assert (ROOT / tool).is_file(), tool


@pytest.mark.parametrize("name", ["ci", "sanity"])
def test_tests_run_on_every_pull_request_and_every_week(name: str) -> None:
    on = loaded(named(name))["on"]
    assert on["pull_request"] == ""  # of every branch, whatever it changes
    assert "main" in on["push"]["branches"]
    minute, hour, day, month, weekday = on["schedule"][0]["cron"].split()
    assert (minute + hour).isdigit()
    assert (day, month) == ("*", "*")
    assert weekday in ("*", *"0123456")


@by_file
def test_nothing_is_left_out_or_may_fail(path: Path) -> None:
    """But sanity on devel."""
    allowed = {"if": [], "continue-on-error": ["${{ matrix.branch == 'devel' }}"] if path.stem == "sanity" else []}
    for key, values in allowed.items():
        parts = (part for job in jobs_of(path).values() for part in (job, *job.get("steps", ())))
        assert [part[key] for part in parts if key in part] == values
    assert not re.search(r"\|\| *(true|:|exit 0)\b", path.read_text(encoding="utf-8"))


def test_the_tests_are_those_of_a_checkout() -> None:
    """Each Python gets the suite and the matrix, and everything is tried once."""
    jobs = jobs_of(named("ci"))
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert runs == {"test": ["make test", "make matrix"], "everything": [".ci/run"]}
    docs = jobs_of(named("docs"))["build"]["steps"]
    assert [step["run"] for step in docs if "run" in step] == ["make docs"]


def test_sanity_runs_in_the_container_of_each_branch() -> None:
    (job,) = jobs_of(named("sanity")).values()
    checkout, *dummy, test = job["steps"]
    assert checkout["with"]["path"] == test["working-directory"] == "ansible_collections/wpfleet/mainwp"
    assert re.match(r"ansible-test sanity --docker\b", test["run"])
    assert not re.search(r"--(test|skip-test|exclude|python)\b", test["run"])


def test_a_release_waits_for_sanity_and_tests_of_the_very_commit() -> None:
    release = loaded(named("release"))
    assert release["on"] == {"push": {"tags": ["[0-9]+.[0-9]+.[0-9]+"]}}
    jobs = release["jobs"]
    called = {name: job["uses"] for name, job in jobs.items() if "uses" in job}
    assert called["sanity"] == "./.github/workflows/sanity.yml"
    assert called["test"] == "./.github/workflows/ci.yml"
    for name, job in jobs.items():
        assert "continue-on-error" not in str(job)
        assert "if" not in job, name
        if name not in ("sanity", "test"):
            assert ancestors(jobs, name) >= {"sanity", "test"}, name


def test_the_documents_are_those_of_the_release() -> None:
    docs = jobs_of(named("release"))["docs"]
    assert docs["uses"] == "./.github/workflows/docs.yml"
    assert "github" in ancestors(jobs_of(named("release")), "docs")
    needed = {right for job in jobs_of(named("docs")).values() for right in job.get("permissions", {}).items()}
    assert needed <= set(docs["permissions"].items())


def test_what_is_published_is_what_was_judged() -> None:
    jobs = jobs_of(named("release"))
    runs = {name: " ".join(step.get("run", "") for step in job.get("steps", ())) for name, job in jobs.items()}
    assert "make lint-artifact" in runs["artifact"]
    assert 'tests/tools/release.py "$GITHUB_REF_NAME"' in runs["artifact"]
    for name in ("galaxy", "github"):
        assert "artifact" in ancestors(jobs, name)
        assert "build" not in runs[name]
        assert any("actions/download-artifact@" in step.get("uses", "") for step in jobs[name]["steps"])
    assert "ansible-galaxy collection publish" in runs["galaxy"]
    assert "gh release create" in runs["github"]


def test_the_secret_of_galaxy_is_for_one_step_that_somebody_approved() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    assert set(re.findall(r"secrets\.(\w+)", text)) == {"GALAXY_TOKEN"}
    assert text.count("secrets.GALAXY_TOKEN") == 1
    galaxy = jobs_of(named("release"))["galaxy"]
    assert galaxy["environment"] == "galaxy"
    (step,) = [step for step in galaxy["steps"] if "secrets." in str(step)]
    assert "secrets." not in step["run"]  # command lines can be seen


def test_actions_are_kept_up_to_date() -> None:
    (update,) = loaded(ROOT / ".github" / "dependabot.yml")["updates"]
    assert (update["package-ecosystem"], update["directory"]) == ("github-actions", "/")


# -- issues -------------------------------------------------------------------------------------------------------

FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
PRIVATE = "https://github.com/wpfleet/mainwp/security/advisories/new"


def test_everybody_can_file_an_issue_and_is_led_elsewhere_with_what_is_none() -> None:
    config = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")
    assert config["blank_issues_enabled"] == "true"
    links = [link["url"] for link in config["contact_links"]]
    assert links == ["https://forum.ansible.com/c/help/6", PRIVATE, "https://mainwp.com/support/"]
    assert [path.stem for path in FORMS] == ["bug", "document", "wish"]


def test_a_bug_is_asked_for_what_is_needed_to_see_it() -> None:
    (form,) = [loaded(path) for path in FORMS if path.stem == "bug"]
    asked = {part["id"]: part for part in form["body"] if "id" in part}
    assert asked.keys() >= {"what", "how", "output", "collection", "ansible", "mainwp", "dashboard"}
    needed = {name for name, part in asked.items() if part.get("validations", {}).get("required") == "true"}
    assert needed == {"what", "how", "output", "collection", "ansible", "mainwp"}
    (warning,) = [part["attributes"]["value"] for part in form["body"] if part["type"] == "markdown"]
    assert "Never post a key" in warning
    assert PRIVATE in warning


def test_a_hole_is_told_in_private() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert PRIVATE in policy
    for heading in ("Tell it in private", "What happens then", "Which versions get repairs"):
        assert f"## {heading}\n" in policy
    assert re.search(r"^\| 3 working days \|", policy, re.MULTILINE)
    assert "](../SECURITY.md)" in (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
