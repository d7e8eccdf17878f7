"""A function over AWS's own client for Python."""


def handler(event, context):
    if event.get("do") == "throw":
        raise ValueError("no such luck")
    if event.get("do") == "large":
        return "x" * 6_000_000
    return {"event": event, "requestId": context.aws_request_id, "left": context.get_remaining_time_in_millis()}
