"""The context object that a handler receives."""

import json
import logging
import sys
import time

from .errors import Fault

_w3c_fields = ("traceparent", "tracestate", "baggage")


def context_factory(assignment):
    """Returns a function that makes the context of one invocation from its head."""
    constants = {
        "log_group_name": assignment["logGroupName"],
        "log_stream_name": assignment["logStreamName"],
        "function_name": assignment["functionName"],
        "memory_limit_in_mb": str(assignment["memoryLimitInMb"]),
        "function_version": assignment["functionVersion"],
    }

    def create(head):
        client_context = _parse(head.get("clientContext"), "Client Context")
        identity = _parse(head.get("cognitoIdentity"), "Cognito Identity")
        return LambdaContext(head, constants, client_context, identity)

    return create


def _parse(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (name, error))


class _Record:
    """Named fields from a JSON object; those that it lacks are None."""

    __slots__ = ()

    def __init__(self, values):
        for field in self.__slots__:
            setattr(self, field, values.get(field))

    def __repr__(self):
        fields = ",".join("%s=%s" % (field, getattr(self, field)) for field in self.__slots__)
        return "%s([%s])" % (type(self).__name__, fields)


class CognitoIdentity(_Record):
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]


class Client(_Record):
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]


class ClientContext(_Record):
    __slots__ = ["custom", "env", "client"]


class LambdaContext:
    def __init__(self, head, constants, client_context, identity):
        self.aws_request_id = head["requestId"]
        self.__dict__.update(constants)
        self.invoked_function_arn = head["invokedFunctionArn"]
        self.tenant_id = head.get("tenantId")
        self._w3c = _take_w3c(client_context)
        self.client_context = None
        if client_context is not None:
            self.client_context = ClientContext(client_context)
            if self.client_context.client is not None:
                self.client_context.client = Client(self.client_context.client)
        identity = identity or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            }
        )
        self._epoch_deadline_time_in_ms = head["deadlineMs"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._epoch_deadline_time_in_ms) - int(time.time() * 1000))

    def w3c(self):
        """The W3C trace context of the invocation, as far as it has one."""
        return dict(self._w3c)

    def log(self, msg):
        for handler in logging.getLogger().handlers:
            if hasattr(handler, "log_sink"):
                handler.log_sink.log(str(msg))
                return
        sys.stdout.write(str(msg))

    def __repr__(self):
        fields = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        return "LambdaContext([%s])" % ",".join("%s=%s" % (field, getattr(self, field)) for field in fields)


def _take_w3c(client_context):
    """Removes `w3c` from the client context, and returns those of its fields that are known and are strings."""
    if not isinstance(client_context, dict):
        return {}
    fields = client_context.pop("w3c", None)
    if not isinstance(fields, dict):
        return {}
    return {name: fields[name] for name in _w3c_fields if isinstance(fields.get(name), str)}
