# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section cost_tracker: how costs are written. PRIVATE to the collection.

The first write of all loses what it does not get, and nothing tells whether it would be the first; so all five are sent.
What is empty counts as not sent. Types of products and ways of payment are resources of their own.
"""

from __future__ import annotations

from typing import Any

from .._api import normalise
from .._resources._fields import Unstorable
from ._fields import Field, choice, line, number
from ._section import Plan, Section, Write, joint

#: Currencies that MainWP knows, some of old.
_CODES = """
    AFA ALL DZD AOA ARS AMD AWG AUD AZN BSD BHD BDT BBD BYR BEF BZD BMD BTN BTC BOB BAM BWP BRL GBP BND BGN BIF KHR CAD
    CVE KYD XOF XAF XPF CLP CLF CNY COP KMF CDF CRC HRK CUC CZK DKK DJF DOP XCD EGP ERN EEK ETB EUR FKP FJD GMD GEL DEM
    GHS GIP GRD GTQ GNF GYD HTG HNL HKD HUF ISK INR IDR IRR IQD ILS ITL JMD JPY JOD KZT KES KWD KGS LAK LVL LBP LSL LRD
    LYD LTC LTL MOP MKD MGA MWK MYR MVR MRO MUR MXN MDL MNT MAD MZM MMK NAD NPR ANG TWD NZD NIO NGN KPW NOK OMR PKR PAB
    PGK PYG PEN PHP PLN QAR RON RUB RWF SVC WST STD SAR RSD SCR SLL SGD SKK SBD SOS ZAR KRW SSP XDR LKR SHP SDG SRD SZL
    SEK CHF SYP TJS TZS THB TOP TTD TND TRY TMT UGX UAH AED UYU USD UZS VUV VEF VND YER ZMK ZWL
"""


def _currency() -> Field:
    def read(value: Any) -> str | None:
        code = normalise.as_written(value)
        return code if code in _CODES.split() else None

    def wanted(given: Any) -> str:
        code = read(str(given).strip().upper())
        if code is None:
            raise Unstorable(f"MainWP knows no currency '{given}'. Write its code, such as EUR.")
        return code

    return Field("currency", "currency", read, wanted)


def _writes(plan: Plan) -> list[Write]:
    columns = {one.column: plan.state.raw.get(one.path) for one in plan.section.fields}
    known = {name: value for name, value in columns.items() if value not in ("", None)}
    return [Write("cost-tracker", known | joint(plan), plan.changes)]


COST_TRACKER = Section(
    "cost_tracker",
    "cost-tracker",
    (
        _currency(),
        choice("currency_position", "currency_position", "left", "right", "left_space", "right_space"),
        line("thousand_separator"),
        line("decimal_separator"),
        number("decimals", "decimals", 1, 8),
    ),
    writes=_writes,
)
