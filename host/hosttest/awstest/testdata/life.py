"""The life of a function, told by boto3. The folder in argv has thumbnail.zip, hello.zip
and event.json; what the thumbnail function answers goes to out.json there."""

import base64
import pathlib
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

folder = pathlib.Path(sys.argv[1])
thumbnail, hello = (folder / "thumbnail.zip").read_bytes(), (folder / "hello.zip").read_bytes()
aws = boto3.client("lambda")

created = aws.create_function(
    FunctionName="thumbnail", Runtime="provided.al2023", Handler="bootstrap",
    Role="arn:aws:iam::000000000000:role/test", Code={"ZipFile": thumbnail}, Timeout=60, MemorySize=256,
)
assert created["ResponseMetadata"]["HTTPStatusCode"] == 201, created
assert created["State"] == "Pending" and "LastUpdateStatus" not in created and "Environment" not in created, created
aws.get_waiter("function_active_v2").wait(FunctionName="thumbnail")

invoked = aws.invoke(FunctionName="thumbnail", LogType="Tail", Payload=(folder / "event.json").read_bytes())
assert invoked["StatusCode"] == 200 and invoked["ExecutedVersion"] == "$LATEST" and "FunctionError" not in invoked, invoked
assert b"REPORT RequestId: " + invoked["ResponseMetadata"]["RequestId"].encode() in base64.b64decode(invoked["LogResult"])
(folder / "out.json").write_bytes(invoked["Payload"].read())

failed = aws.invoke(FunctionName="thumbnail", Payload=b'{"width":0}')
assert failed["FunctionError"] == "Unhandled" and b"width is 0" in failed["Payload"].read(), failed

got = aws.get_function(FunctionName=created["FunctionArn"])
assert got["Configuration"]["State"] == "Active", got
assert urllib.request.urlopen(got["Code"]["Location"]).read() == thumbnail

updated = aws.update_function_code(FunctionName="thumbnail", ZipFile=hello)
assert updated["LastUpdateStatus"] == "InProgress", updated
aws.get_waiter("function_updated_v2").wait(FunctionName="thumbnail")
assert b"Ada" in aws.invoke(FunctionName="thumbnail", Payload=b'{"name":"Ada"}')["Payload"].read()

pages = aws.get_paginator("list_functions").paginate()
assert [f["FunctionName"] for page in pages for f in page["Functions"]] == ["thumbnail"]
deleted = aws.delete_function(FunctionName="thumbnail")
assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204, deleted

for call, code, message in [
    (lambda: aws.get_function(FunctionName="thumbnail"), "ResourceNotFoundException", "Function not found: arn:"),
    (lambda: aws.list_code_signing_configs(), "NotImplementedException", "ListCodeSigningConfigs"),
    (lambda: aws.invoke(FunctionName="thumbnail", InvocationType="Event"), "NotImplementedException", "asynchronous"),
]:
    try:
        call()
        raise AssertionError("no error")
    except ClientError as e:
        assert e.response["Error"]["Code"] == code and message in e.response["Error"]["Message"], e.response
        assert e.response["ResponseMetadata"]["RetryAttempts"] == 0, e.response
