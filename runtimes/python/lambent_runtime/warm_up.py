"""Does, before the function is known, what its first moments will need."""

import gc

# Modules that most functions, boto3 or web frameworks import: together some 50 ms when the function imports them first,
# and 5 MB in a process that waits.
import asyncio  # noqa: F401
import base64  # noqa: F401
import collections.abc  # noqa: F401
import concurrent.futures.thread  # noqa: F401
import contextlib  # noqa: F401
import dataclasses  # noqa: F401
import datetime
import decimal  # noqa: F401
import enum  # noqa: F401
import functools  # noqa: F401
import hashlib  # noqa: F401
import http.client  # noqa: F401
import importlib
import json
import logging
import random  # noqa: F401
import re  # noqa: F401
import socket  # noqa: F401
import tempfile  # noqa: F401
import traceback
import typing  # noqa: F401
import urllib.parse  # noqa: F401
import urllib.request  # noqa: F401
import uuid  # noqa: F401

try:
    import ssl  # noqa: F401
except ImportError:
    # An interpreter that was built without OpenSSL runs functions that do without it too.
    pass


def run():
    importlib.import_module("lambent_runtime.warm_handler")
    json.loads(json.dumps({"warm": [1, 2.5, None, "up"]}))
    # strftime and the formatter import modules of their own when first used.
    datetime.datetime.now(tz=datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
    formatter = logging.Formatter("%(levelname)s %(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.format(logging.makeLogRecord({"msg": "warm"}))
    try:
        raise ValueError("warm")
    except ValueError as error:
        traceback.format_list(traceback.extract_tb(error.__traceback__))
    gc.collect()
    # Nothing that lives by now is ever garbage: collections later need not look at it again.
    gc.freeze()
