"""The life of a function with versions, told by boto3. The folder in argv has hello.zip,
which is version 1 and greets, and word-count.zip, which is version 2 and counts words."""

import collections
import json
import pathlib
import sys

import boto3
from botocore.exceptions import ClientError

folder = pathlib.Path(sys.argv[1])
hello, count = (folder / "hello.zip").read_bytes(), (folder / "word-count.zip").read_bytes()
aws = boto3.client("lambda")


def invoke(name, event, **more):
    """What a function answers, and which version of it did."""
    answer = aws.invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    assert "FunctionError" not in answer, answer
    return json.load(answer["Payload"]), answer["ExecutedVersion"]


created = aws.create_function(
    FunctionName="shifting", Runtime="provided.al2023", Handler="bootstrap",
    Role="arn:aws:iam::000000000000:role/test", Code={"ZipFile": hello}, Timeout=60,
)
arn = created["FunctionArn"]
aws.get_waiter("function_active_v2").wait(FunctionName="shifting")
one = aws.publish_version(FunctionName="shifting", CodeSha256=created["CodeSha256"])
assert one["Version"] == "1" and one["FunctionArn"] == arn + ":1" and one["State"] == "Active", one
assert aws.publish_version(FunctionName="shifting")["RevisionId"] == one["RevisionId"]
aws.update_function_code(FunctionName="shifting", ZipFile=count)
aws.get_waiter("function_updated_v2").wait(FunctionName="shifting")
two = aws.publish_version(FunctionName="shifting", Description="counts")
assert two["Version"] == "2" and two["Description"] == "counts", two

alias = aws.create_alias(FunctionName=arn, Name="live", FunctionVersion="1", Description="what is live")
assert alias["ResponseMetadata"]["HTTPStatusCode"] == 201 and alias["AliasArn"] == arn + ":live", alias
assert "RoutingConfig" not in alias, alias
shifted = aws.update_alias(
    FunctionName="shifting", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}, RevisionId=alias["RevisionId"],
)
assert shifted["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.1}} and shifted["Description"] == "what is live", shifted
seen = collections.Counter(invoke("shifting", {"name": "Ada"}, Qualifier="live")[1] for _ in range(1000))
# Chance alone leaves these bounds in less than one run of 10^9.
assert 47 <= seen["2"] <= 163 and seen["1"] + seen["2"] == 1000, seen

aws.add_permission(
    FunctionName="shifting", Qualifier="live", StatementId="topic", Action="lambda:InvokeFunction",
    Principal="sns.amazonaws.com", SourceArn="arn:aws:sns:us-east-1:000000000000:topic",
)
policy = aws.get_policy(FunctionName="shifting", Qualifier="live")
assert json.loads(policy["Policy"]) == {
    "Version": "2012-10-17", "Id": "default", "Statement": [{
        "Sid": "topic", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "lambda:InvokeFunction",
        "Resource": arn + ":live", "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:sns:us-east-1:000000000000:topic"}},
    }],
}, policy
aws.remove_permission(FunctionName="shifting", Qualifier="live", StatementId="topic", RevisionId=policy["RevisionId"])

words = {"text": "to be or not to be"}
for name, event, more, want, version in [
    ("shifting", words, {}, 6, "$LATEST"),
    (arn, words, {}, 6, "$LATEST"),
    (arn + ":2", words, {}, 6, "2"),
    ("000000000000:function:shifting", words, {"Qualifier": "2"}, 6, "2"),
]:
    answer, executed = invoke(name, event, **more)
    assert answer["words"] == want and executed == version, (name, answer, executed)
answer, executed = invoke(arn, {"name": "Ada"}, Qualifier="1")
assert "Ada" in json.dumps(answer) and executed == "1", (answer, executed)
assert invoke(alias["AliasArn"], {"name": "Ada"})[1] in ("1", "2")

pages = aws.get_paginator("list_versions_by_function").paginate(FunctionName="shifting", PaginationConfig={"PageSize": 1})
assert [v["Version"] for page in pages for v in page["Versions"]] == ["$LATEST", "1", "2"]
pages = aws.get_paginator("list_aliases").paginate(FunctionName="shifting", FunctionVersion="1")
assert [a["Name"] for page in pages for a in page["Aliases"]] == ["live"]

for call, code, message in [
    (lambda: aws.get_policy(FunctionName="shifting", Qualifier="live"), "ResourceNotFoundException", "The resource you requested does not exist."),
    (lambda: aws.delete_function(FunctionName="shifting", Qualifier="1"), "ResourceConflictException", "[live]"),
    (lambda: aws.create_alias(FunctionName="shifting", Name="live", FunctionVersion="1"), "ResourceConflictException", "Alias already exists: " + arn + ":live"),
    (lambda: aws.update_alias(FunctionName="shifting", Name="live", RevisionId="other"), "PreconditionFailedException", "Revision Id"),
    (lambda: aws.invoke(FunctionName="shifting", Qualifier="3"), "ResourceNotFoundException", "Function not found: " + arn + ":3"),
    (lambda: aws.invoke(FunctionName="shifting:1", Qualifier="2"), "InvalidParameterValueException", "derived qualifier"),
]:
    try:
        call()
        raise AssertionError("no error")
    except ClientError as e:
        assert e.response["Error"]["Code"] == code and message in e.response["Error"]["Message"], e.response

aws.delete_alias(FunctionName="shifting", Name="live")
aws.delete_function(FunctionName="shifting", Qualifier="1")
aws.delete_function(FunctionName="shifting")
