"""Each operation of Lambda once through boto3, on its happy path. Prints {operation: HTTP status}; argv: endpoint, operations that are built."""

import io
import json
import sys
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, built = sys.argv[1], json.loads(sys.argv[2])
account, region = "123456789012", "eu-west-1"
session = boto3.session.Session(aws_access_key_id=account, aws_secret_access_key="any", region_name=region)
client = session.client(
    "lambda", endpoint_url=endpoint, config=Config(retries={"max_attempts": 1, "mode": "standard"})
)
methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
seen, failures = {}, {}


def package(text, name="index.mjs"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def call(operation, **arguments):
    """Calls what is built and known to this boto3; {} for the rest and for what failed."""
    if operation not in built or operation not in methods:
        return {}
    try:
        answer = getattr(client, methods[operation])(**arguments)
    except ClientError as error:
        failures[operation] = str(error)
        return {}
    except Exception as error:  # what boto3 itself does not like
        failures[operation] = repr(error)
        return {}
    seen[operation] = answer["ResponseMetadata"]["HTTPStatusCode"]
    if "EventStream" in answer:
        answer["Events"] = list(answer["EventStream"])
    return answer


def arn(kind, rest):
    return f"arn:aws:lambda:{region}:{account}:{kind}:{rest}"


code = package("export const handler = async (event) => event;")
one = {"FunctionName": "one"}
live = {**one, "Qualifier": "live"}
common = {"Runtime": "nodejs24.x", "Role": f"arn:aws:iam::{account}:role/r", "Handler": "index.handler"}
call("CreateFunction", FunctionName="one", Code={"ZipFile": code}, **common)
client.get_waiter("function_active_v2").wait(FunctionName="one")
call("GetFunction", **one)
call("GetFunctionConfiguration", **one)
call("ListFunctions")
call("UpdateFunctionCode", ZipFile=package("export const handler = async () => 2;"), **one)
call("UpdateFunctionConfiguration", Timeout=5, **one)
client.get_waiter("function_updated_v2").wait(FunctionName="one")
call("PublishVersion", **one)
call("ListVersionsByFunction", **one)
call("Invoke", Payload=b"{}", **one)
call("InvokeWithResponseStream", Payload=b"{}", **one)
call("InvokeAsync", InvokeArgs=b"{}", **one)

call("CreateAlias", Name="live", FunctionVersion="1", **one)
call("GetAlias", Name="live", **one)
call("UpdateAlias", Name="live", Description="d", **one)
call("ListAliases", **one)

call("TagResource", Resource=arn("function", "one"), Tags={"a": "b"})
call("ListTags", Resource=arn("function", "one"))
call("UntagResource", Resource=arn("function", "one"), TagKeys=["a"])

call("AddPermission", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", **one)
call("GetPolicy", **one)
call("RemovePermission", StatementId="s", **one)
policy = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "s",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": arn("function", "one"),
        }
    ],
}
call("PutResourcePolicy", ResourceArn=arn("function", "one"), Policy=json.dumps(policy))
call("GetResourcePolicy", ResourceArn=arn("function", "one"))
call("DeleteResourcePolicy", ResourceArn=arn("function", "one"))

call("PutFunctionConcurrency", ReservedConcurrentExecutions=3, **one)
call("GetFunctionConcurrency", **one)
call("PutProvisionedConcurrencyConfig", ProvisionedConcurrentExecutions=1, **live)
call("GetProvisionedConcurrencyConfig", **live)
call("ListProvisionedConcurrencyConfigs", **one)
call("DeleteProvisionedConcurrencyConfig", **live)
call("DeleteFunctionConcurrency", **one)
call("GetAccountSettings")

call("PutFunctionEventInvokeConfig", MaximumRetryAttempts=1, **one)
call("GetFunctionEventInvokeConfig", **one)
call("UpdateFunctionEventInvokeConfig", MaximumEventAgeInSeconds=60, **one)
call("ListFunctionEventInvokeConfigs", **one)
call("DeleteFunctionEventInvokeConfig", **one)

call("CreateFunctionUrlConfig", AuthType="NONE", **one)
call("GetFunctionUrlConfig", **one)
call("UpdateFunctionUrlConfig", AuthType="AWS_IAM", **one)
call("ListFunctionUrlConfigs", **one)
call("DeleteFunctionUrlConfig", **one)

call("PutRuntimeManagementConfig", UpdateRuntimeOn="FunctionUpdate", **one)
call("GetRuntimeManagementConfig", **one)
call("PutFunctionRecursionConfig", RecursiveLoop="Allow", **one)
call("GetFunctionRecursionConfig", **one)

layer = {"LayerName": "shared", "VersionNumber": 1}
call("PublishLayerVersion", LayerName="shared", Content={"ZipFile": package("x", "nodejs/x.txt")})
call("GetLayerVersion", **layer)
call("GetLayerVersionByArn", Arn=arn("layer", "shared:1"))
call("ListLayers")
call("ListLayerVersions", LayerName="shared")
call("AddLayerVersionPermission", StatementId="s", Action="lambda:GetLayerVersion", Principal="*", **layer)
call("GetLayerVersionPolicy", **layer)
call("RemoveLayerVersionPermission", StatementId="s", **layer)
call("DeleteLayerVersion", **layer)

def rested(uuid):
    """Waits until a mapping is on its way nowhere."""
    for _ in range(500):
        if call("GetEventSourceMapping", UUID=uuid).get("State") in ("Enabled", "Disabled", None):
            return
        time.sleep(0.02)


session.client("sqs", endpoint_url=endpoint).create_queue(QueueName="queue")
queue = f"arn:aws:sqs:{region}:{account}:queue"
mapping = {"UUID": call("CreateEventSourceMapping", EventSourceArn=queue, **one).get("UUID", "")}
rested(mapping["UUID"])
call("UpdateEventSourceMapping", BatchSize=5, **mapping)
rested(mapping["UUID"])
call("ListEventSourceMappings", **one)
call("DeleteEventSourceMapping", **mapping)

profile = f"arn:aws:signer:{region}:{account}:/signing-profiles/p/v1"
signing = call("CreateCodeSigningConfig", AllowedPublishers={"SigningProfileVersionArns": [profile]})
signing = {"CodeSigningConfigArn": signing.get("CodeSigningConfig", {}).get("CodeSigningConfigArn", "")}
call("GetCodeSigningConfig", **signing)
call("UpdateCodeSigningConfig", Description="d", **signing)
call("ListCodeSigningConfigs")
call("PutFunctionCodeSigningConfig", **signing, **one)
call("GetFunctionCodeSigningConfig", **one)
call("ListFunctionsByCodeSigningConfig", **signing)
call("DeleteFunctionCodeSigningConfig", **one)
call("DeleteCodeSigningConfig", **signing)

call("DeleteAlias", Name="live", **one)
call("DeleteFunction", **one)
unknown = [operation for operation in built if operation not in methods]
print(json.dumps({"seen": seen, "failures": failures, "unknown": unknown}))
