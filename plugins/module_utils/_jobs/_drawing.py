# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates made into pages: those of the collection, or yours of the same name. PRIVATE to the collection.

Text from sites is data: it is escaped wherever it appears, and rid of what would steer the eye. Jinja2 comes with
ansible-core, and this runs on the controller only.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import _errors as errors
from .._addresses import spoken
from .._models import iso
from .._reports.keys import moment_of, utc
from .._reports.language import Language
from .._secrets import printable

if TYPE_CHECKING:
    import jinja2

#: Python's own names of months are those of the controller's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TEMPLATES = Path(__file__).parents[1] / "_reports" / "templates"


def own_templates(given: str | None) -> str:
    """The checked option ``templates``. Raises InputError."""
    if not given:
        return ""
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise errors.InputError("templates", f"{folder} is no directory on the controller.")
    return str(folder)


def drawn(name: str, own: str, values: Mapping[str, Any]) -> str:
    """The page that the template ``name`` makes of ``values``; a file of that name in the folder ``own`` comes first.

    Raises InputError for a template of somebody's own that is wrong.
    """
    import jinja2

    environment = _environment(own, values.get("words"))
    try:
        return environment.get_template(name).render(values)
    except jinja2.TemplateSyntaxError as exc:
        raise errors.InputError("templates", f"{exc.name}, line {exc.lineno}: {exc.message}") from None
    except Exception as exc:  # a template of somebody's own may do, and be, anything
        if not own:  # then it is a bug of ours
            raise
        kind = "" if isinstance(exc, jinja2.TemplateError) else f"{type(exc).__name__}: "
        raise errors.InputError("templates", f"{name}: {kind}{exc}") from None


@functools.lru_cache(maxsize=8)
def _environment(own: str, words: Language | None) -> jinja2.Environment:
    """Templates are read once for all letters of a run."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([path for path in (own, str(TEMPLATES)) if path]),
        # whatever somebody's own is called, only plain text is none
        autoescape=jinja2.select_autoescape((), disabled_extensions=("txt.j2",), default_for_string=True, default=True),
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        address=spoken,
        iso=iso,
        number=words.number if words else _number,
        day=lambda stamp: utc(stamp)[:10],
        clock=lambda stamp: utc(stamp)[11:19],
        minute=lambda stamp: utc(stamp)[:16].replace("T", "\u00a0"),
        moment=_moment,
        date=_date,
        style_hash=_style_hash,
    )
    return environment


def _harmless(value: Any) -> Any:
    """What is put into a page. Finished parts of it are left as they are."""
    if value is None:
        return ""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _number(value: Any) -> str:
    return f"{value:,}"


def _moment(stamp: str) -> str:
    """``26 November 2026, 07:23`` of an ISO time; what is none as it is."""
    time = moment_of(stamp)
    if time is None:
        return stamp
    return f"{_date(stamp)}, {time:%H:%M} UTC"


def _date(stamp: str) -> str:
    """The same without the time."""
    time = moment_of(stamp)
    return stamp if time is None else f"{time.day} {_MONTHS[time.month - 1]} {time.year}"


def _style_hash(style: Any) -> str:
    """The hash by which a page's policy allows its style sheet, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(str(style).encode()).digest()).decode()
