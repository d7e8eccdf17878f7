"""The AWS SDK that comes with the runtime: found like any package, or waited for while the platform fetches it."""

import importlib.machinery
import os
import sys
import time

PACKAGES = frozenset(("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"))


def await_when_needed(folder):
    """Makes imports of the SDK wait until it has been fetched, if it is not there yet; others go on as ever."""
    if not os.path.isdir(folder):
        # The last of the finders: only what would fail gets to it.
        sys.meta_path.append(_Arrival(folder))


class _Arrival:
    def __init__(self, folder):
        self._folder = folder

    def find_spec(self, name, path=None, target=None):
        if path is not None or name not in PACKAGES:
            return None
        while not os.path.isdir(self._folder):
            # The platform takes it away when it could not fetch the SDK.
            if not os.path.exists(self._folder + ".fetching"):
                return None
            time.sleep(0.05)
        # The importer has remembered that there is nothing.
        sys.path_importer_cache.pop(self._folder, None)
        return importlib.machinery.PathFinder.find_spec(name)
