# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a watcher writes into the log of ansible-rulebook: without secrets, and not again and again. PRIVATE."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from .._secrets import Secrets

#: Where urllib3 writes down the requests that it sends.
_HTTP_LOG = logging.getLogger("urllib3.connectionpool")
#: So many different warnings are told.
_MOST = 1000


class Telling(logging.Filter):
    """Warnings, each told once; and what becomes of single requests, for who wants to see that (``-v``).

    As a filter it takes secrets out of what the HTTP library writes down at ``-vv``: with ``auth_method=query`` they stand in
    addresses.
    """

    def __init__(self, log: logging.Logger, secrets: Secrets) -> None:
        super().__init__()
        self._log, self._secrets = log, secrets
        self._told: set[str] = set()
        _HTTP_LOG.addFilter(self)

    def __call__(self, text: str) -> None:
        """Warn, if this was not told yet."""
        self.once(text, [text])

    def once(self, about: str, texts: Sequence[str]) -> None:
        """Warn of something in words that are others each time, once until there is nothing to tell about it."""
        if not texts:
            self._told.discard(about)
        elif about not in self._told and len(self._told) < _MOST:
            self._told.add(about)
            self.warn(" ".join(texts))

    def warn(self, text: str) -> None:
        """Warn, whatever was told."""
        self._log.warning("%s", self._secrets.mask(text))

    def murmur(self, text: str) -> None:
        """What is of interest only to who asks for it."""
        self._log.info("%s", self._secrets.mask(text))

    def filter(self, record: logging.LogRecord) -> bool:
        """Of what the HTTP library says."""
        record.msg, record.args = self._secrets.mask(record.getMessage()), ()
        return True

    def close(self) -> None:
        """Nothing is said any more."""
        _HTTP_LOG.removeFilter(self)
