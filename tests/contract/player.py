# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a story: sends its recorded requests, in order, to a simulator that holds the same fleet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import requests

from contract.compare import Answer, Difference, Movements, compare_answers
from contract.moments import told
from contract.recordings import Exchange, load
from contract.stories import Story
from simulator import Key, Simulator

SCOPES = {
    "READ": "read",
    "NEW": "read",
    "WRITE": "write",
    "RW": "read_write",
    "DELETE": "delete",
    "DISABLED": "disabled",
}
NOBODY = "0" * 40
WRONG_PAIR = {"consumer_key": "ck_" + NOBODY, "consumer_secret": "cs_" + NOBODY}


class Player:
    """One story on its way. Answers are kept: asking for exchange n sends all that were not sent before, up to n."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.exchanges = load(story.name)
        self.simulator = Simulator(story.fleet(), dialect=story.dialect, cron=story.cron)
        self._session = requests.Session()
        self._session.trust_env = False
        self._differences: dict[int, list[Difference]] = {}
        self._movements = Movements()
        self._made: Key | None = None

    def __enter__(self) -> Player:
        self.simulator.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()
        self.simulator.__exit__(*exception)

    def differences(self, n: int) -> list[Difference]:
        """Where the simulated answer of exchange n differs from the recorded one."""
        for exchange in self.exchanges:
            if exchange.n > n:
                break
            if exchange.n not in self._differences:
                answer = _cut(exchange, self._play(exchange))
                found = compare_answers(exchange.answer, answer)
                found += self._movements.follow(exchange.answer.body, answer.body)
                self._differences[exchange.n] = found
        return self._differences[n]

    def _play(self, exchange: Exchange) -> Answer:
        happens = self.story.events.get(exchange.n)
        if happens:
            happens(self.simulator)
        clock = self.simulator.clock
        # the simulator works in no time, and the answers tell moments at the end of the work
        clock.advance(exchange.elapsed)
        moment = self.story.sent_at.get(exchange.n, max(told(exchange.response["body"]), default=0.0))
        clock.advance(max(0.0, moment - clock.now()))
        return self._send(exchange)

    def _send(self, exchange: Exchange) -> Answer:
        request = exchange.request
        sent: dict[str, Any] = {"params": dict(request["query"]), "headers": {}}
        if "json" in request:
            sent["json"] = request["json"]
        for body in ("data", "form"):
            if body in request:
                sent["data"] = request[body]
        if "json" in request and "content_type" in request:
            sent["headers"]["Content-Type"] = request["content_type"]
        elif request.get("data") == "":
            sent["headers"]["Content-Type"] = "application/json"
        self._authenticate(exchange, sent)
        response = self._session.request(
            request["method"], self.simulator.url + request["path"], timeout=60, allow_redirects=False, **sent
        )
        content_type = response.headers.get("Content-Type", "")
        is_json = content_type.startswith("application/json") and response.text
        body = response.json() if is_json else response.text
        return Answer(response.status_code, content_type, body, dict(response.headers))

    def _key(self, scope: str) -> Key:
        """The key that a story calls so; NEW is the one that it made first, gone or not."""
        made = next((key for key in self.simulator.keys.keys if key.id > len(SCOPES) - 1), None)
        self._made = self._made or made
        return self._made if scope == "NEW" and self._made else self.simulator.key(SCOPES[scope])

    def _authenticate(self, exchange: Exchange, sent: dict[str, Any]) -> None:
        key = self._key(exchange.request["key_scope"])
        pair = {"consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
        form = exchange.request["auth"]
        if form == "raw":
            form = self.story.raw[exchange.n]
        if form == "bearer":
            sent["headers"]["Authorization"] = f"Bearer {key.token}"
        elif form == "query":
            sent["params"] |= pair
        elif form == "basic":
            sent["auth"] = (key.consumer_key, key.consumer_secret)
        elif form == "x-api-key header: JSON {consumer_key, consumer_secret}":
            sent["headers"]["x-api-key"] = json.dumps(pair)
        elif form == "x-api-key header: wrong":
            sent["headers"]["x-api-key"] = json.dumps(WRONG_PAIR)
        elif form == "bearer: garbage":
            sent["headers"]["Authorization"] = "Bearer garbage"
        elif form == "bearer: unknown key":
            sent["headers"]["Authorization"] = f"Bearer {NOBODY}=={'1' * 40}"
        elif form == "bearer: wrong secret":
            sent["headers"]["Authorization"] = f"Bearer {NOBODY}=={key.consumer_key.removeprefix('ck_')}"
        elif form == "basic: unknown key":
            sent["auth"] = ("foo", "bar")
        elif form is not None:
            raise ValueError(f"{exchange.title}: no such way to authenticate: {form}")


def _cut(exchange: Exchange, answer: Answer) -> Answer:
    """The answer with as much of a site object as the recording keeps."""
    if not exchange.kept or not isinstance(answer.body, dict):
        return answer
    data = {key: value for key, value in answer.body["data"].items() if key in exchange.kept}
    return replace(answer, body=answer.body | {"data": data})
