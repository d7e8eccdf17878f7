"""A function's life through boto3, for one runtime. Prints one JSON object of what was seen; argv: endpoint, runtime, handler, source file name, source."""

import base64
import io
import json
import sys
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, runtime, handler, file_name, source = sys.argv[1:]
session = boto3.session.Session(
    aws_access_key_id="123456789012", aws_secret_access_key="any", region_name="eu-west-1"
)
config = Config(retries={"max_attempts": 1, "mode": "standard"})
client = session.client("lambda", endpoint_url=endpoint, config=config)
logs = session.client("logs", endpoint_url=endpoint, config=config)


def package(text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file_name, text)
    return buffer.getvalue()


def failure(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return [
            error.response["Error"]["Code"],
            error.response["Error"]["Message"],
            error.response["ResponseMetadata"]["HTTPStatusCode"],
        ]
    return None


def invoke(**arguments):
    answer = client.invoke(FunctionName=name, LogType="Tail", **arguments)
    return {
        "status": answer["StatusCode"],
        "version": answer["ExecutedVersion"],
        "error": answer.get("FunctionError"),
        "payload": json.loads(answer["Payload"].read()),
        "logs": base64.b64decode(answer["LogResult"]).decode(),
    }


name = "boto-" + runtime.replace(".", "-")
seen = {}
seen["missing"] = failure(client.get_function, FunctionName=name)
role = "arn:aws:iam::123456789012:role/r"
common = {"FunctionName": name, "Runtime": runtime, "Role": role, "Handler": handler}
seen["bad_zip"] = failure(client.create_function, Code={"ZipFile": b"no zip"}, **common)
created = client.create_function(Code={"ZipFile": package(source)}, **common)
seen["created"] = [created["ResponseMetadata"]["HTTPStatusCode"], created["State"], created["Version"]]
client.get_waiter("function_active_v2").wait(FunctionName=name)
seen["twice"] = failure(client.create_function, Code={"ZipFile": package(source)}, **common)
seen["first"] = invoke(Payload=json.dumps({"n": 1}))
client.update_function_code(FunctionName=name, ZipFile=package(source.replace("one", "two")))
client.get_waiter("function_updated_v2").wait(FunctionName=name)
seen["second"] = invoke(Payload=b"{}")
client.update_function_configuration(FunctionName=name, Environment={"Variables": {"SAY": "hello"}}, Timeout=5)
client.get_waiter("function_updated_v2").wait(FunctionName=name)
seen["environment"] = client.get_function_configuration(FunctionName=name)["Environment"]
seen["published"] = client.publish_version(FunctionName=name)["Version"]
seen["versions"] = [
    version["Version"]
    for page in client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    for version in page["Versions"]
]
seen["by_version"] = invoke(Qualifier="1")["version"]
seen["functions"] = [
    function["FunctionName"]
    for page in client.get_paginator("list_functions").paginate()
    for function in page["Functions"]
]
for attempt in range(100):
    events = logs.filter_log_events(logGroupName="/aws/lambda/" + name, filterPattern="says")["events"]
    if len(events) >= 3:
        break
    time.sleep(0.05)
seen["logged"] = [event["message"] for event in events]
seen["deleted"] = client.delete_function(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"]
seen["gone"] = failure(client.invoke, FunctionName=name)
print(json.dumps(seen))
