"""Events and results as Python values: JSON with AWS's extras, which are Decimal, NaN and bytes."""

import json
import re
import sys
from json import encoder as json_encoder

from .errors import Fault

loads = json.loads


class _HasDecimal(Exception):
    """The C encoder would write a Decimal by way of float: its digits can only be kept by the encoder in Python."""


def _default(value):
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        raise _HasDecimal
    if isinstance(value, bytes):
        return value.decode("utf-8")
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


class _Digits(float):
    """A Decimal on its way through the encoder, which writes `text` for it."""

    def __new__(cls, decimal):
        number = super().__new__(cls, 0)
        number.text = "NaN" if decimal.is_nan() else str(decimal)
        return number


def _decimal_default(value):
    try:
        return _default(value)
    except _HasDecimal:
        return _Digits(value)


def _float_text(number):
    if isinstance(number, _Digits):
        return number.text
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    return float.__repr__(number)


_fast = json.JSONEncoder(default=_default)
_quote = json_encoder.encode_basestring_ascii


def set_up(env):
    """From python3.12 on AWS writes Unicode as it is; before, it is escaped."""
    global _fast, _quote
    named = re.match(r"AWS_Lambda_python3\.(\d+)", env.get("AWS_EXECUTION_ENV", ""))
    ascii_only = (int(named.group(1)) if named else sys.version_info[1]) < 12
    _fast = json.JSONEncoder(default=_default, ensure_ascii=ascii_only)
    _quote = json_encoder.encode_basestring_ascii if ascii_only else json_encoder.encode_basestring


def _encode(value):
    try:
        return _fast.encode(value)
    except _HasDecimal:
        encode = json_encoder._make_iterencode(
            {}, _decimal_default, _quote, None, _float_text, ": ", ", ", False, False, False
        )
        return "".join(encode(value, 0))


def to_json(value):
    return _encode(value).encode("utf-8", "backslashreplace")


def parse_event(data):
    try:
        return loads(data.decode("utf-8"))
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)


def serialize(result):
    """Returns the bytes of the result and their content type, None for JSON."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return _encode(result).encode("utf-8"), None
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)
