# Greets whoever the event names.
import logging
import platform

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def lambda_handler(event, context):
    name = event.get("name", "world")
    logger.info("greeting %s", name)
    return {
        "greeting": f"Hello, {name}!",
        "requestId": context.aws_request_id,
        "python": platform.python_version(),
    }
