"""Who is let in and who is not, told by boto3. The folder in argv has hello.zip and
keys.json, with access keys: "own" and "foreign" of two accounts, and a role's name.
Nothing is left out of account: every refusal is AWS's, by code and text."""

import datetime
import json
import pathlib
import sys
import urllib.request

import boto3
import botocore.auth
from botocore.config import Config
from botocore.exceptions import ClientError

folder = pathlib.Path(sys.argv[1])
keys = json.loads((folder / "keys.json").read_text())
once = Config(retries={"total_max_attempts": 1})


def client(service, key, secret, token=None):
    return boto3.client(service, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token or None, config=once)


def refused(code, text, status, call, **arguments):
    try:
        answer = call(**arguments)
    except ClientError as e:
        said = e.response["Error"]
        assert said["Code"] == code and text in said["Message"], e
        assert e.response["ResponseMetadata"]["HTTPStatusCode"] == status, e.response
    else:
        raise AssertionError(f"{code} was expected, answered was {answer}")


own, foreign = keys["own"], keys["foreign"]
aws, iam, sts = client("lambda", *own), client("iam", *own), client("sts", *own)
identity = sts.get_caller_identity()
assert identity["Arn"] == "arn:aws:iam::000000000000:root" and identity["Account"] == "000000000000", identity
assert client("sts", *foreign).get_caller_identity()["Account"] == "222222222222"

# Keys and signatures.
mismatch = "The request signature we calculated does not match the signature you provided."
refused("InvalidSignatureException", mismatch, 403, client("lambda", own[0], "wrong").list_functions)
refused("SignatureDoesNotMatch", mismatch, 403, client("sts", own[0], "wrong").get_caller_identity)
refused("InvalidSignatureException", mismatch, 400, client("stepfunctions", own[0], "wrong").list_state_machines)
unknown = "The security token included in the request is invalid."
refused("UnrecognizedClientException", unknown, 403, client("lambda", "AKIANOBODY", "x").list_functions)
refused("InvalidClientTokenId", unknown, 403, client("sts", "AKIANOBODY", "x").get_caller_identity)
refused("UnrecognizedClientException", unknown, 400, client("stepfunctions", "AKIANOBODY", "x").list_state_machines)
refused("UnrecognizedClientException", unknown, 403, client("lambda", *own, "token").list_functions)
unsigned = boto3.client("lambda", config=Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1}))
refused("MissingAuthenticationTokenException", "Missing Authentication Token", 403, unsigned.list_functions)

# Requests of another time.
real = botocore.auth.get_current_datetime
for minutes, text in ((-6, "Signature expired: "), (6, "Signature not yet current: ")):
    botocore.auth.get_current_datetime = lambda *_, **__: real() + datetime.timedelta(minutes=minutes)
    refused("InvalidSignatureException", text, 403, aws.list_functions)
    refused("SignatureDoesNotMatch", text, 403, sts.get_caller_identity)
botocore.auth.get_current_datetime = real

# One that is sent again, byte for byte.
sent = []
aws.meta.events.register("before-send.lambda.ListFunctions", lambda request, **_: sent.append(request) and None)
aws.list_functions()
replay = urllib.request.Request(sent[-1].url, headers=dict(sent[-1].headers), method=sent[-1].method)
try:
    urllib.request.urlopen(replay)
    raise AssertionError("a replayed request was served")
except urllib.error.HTTPError as e:
    body = json.loads(e.read())
    assert e.code == 403 and e.headers["x-amzn-ErrorType"] == "InvalidSignatureException" and "used before" in body["message"], body
for _ in range(20):  # many in one second, that ask for the same
    aws.list_functions()

# A function, and what roles and accounts may do to it.
trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"},
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
]}
role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
assert role["AssumeRolePolicyDocument"] == trust, role
refused("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", 400, aws.create_function,
        FunctionName="hello", Runtime="provided.al2023", Handler="bootstrap", Role="arn:aws:iam::000000000000:role/nobody",
        Code={"ZipFile": (folder / "hello.zip").read_bytes()})
made = aws.create_function(FunctionName="hello", Runtime="provided.al2023", Handler="bootstrap", Role=role["Arn"],
                           Code={"ZipFile": (folder / "hello.zip").read_bytes()})
aws.get_waiter("function_active_v2").wait(FunctionName="hello")
event = {"FunctionName": "hello", "Payload": b'{"name":"Ada"}'}
assert b"Ada" in aws.invoke(**event)["Payload"].read()

session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="test")
assert session["AssumedRoleUser"]["Arn"] == "arn:aws:sts::000000000000:assumed-role/app/test", session
session = [session["Credentials"][part] for part in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
as_app = client("lambda", *session)
who = "User: arn:aws:sts::000000000000:assumed-role/app/test is not authorized to perform: lambda:InvokeFunction on resource: " + made["FunctionArn"]
refused("AccessDeniedException", who + " because no identity-based policy allows the lambda:InvokeFunction action", 403, as_app.invoke, **event)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [dict(zip(("Effect", "Action", "Resource"), s)) for s in statements]})


iam.put_role_policy(RoleName="app", PolicyName="p", PolicyDocument=policy(("Allow", "lambda:InvokeFunction", "arn:aws:lambda:*:*:function:h*")))
assert b"Ada" in as_app.invoke(**event)["Payload"].read()
refused("AccessDeniedException", "lambda:DeleteFunction", 403, as_app.delete_function, FunctionName="hello")
refused("AccessDenied", "iam:GetRole on resource: " + role["Arn"], 403, client("iam", *session).get_role, RoleName="app")
iam.put_role_policy(RoleName="app", PolicyName="p", PolicyDocument=policy(("Allow", "lambda:*", "*"), ("Deny", "lambda:InvokeFunction", "*")))
refused("AccessDeniedException", who + " with an explicit deny in an identity-based policy", 403, as_app.invoke, **event)
assert as_app.get_function(FunctionName="hello")["Configuration"]["FunctionName"] == "hello"
iam.delete_role_policy(RoleName="app", PolicyName="p")
aws.add_permission(FunctionName="hello", StatementId="app", Action="lambda:InvokeFunction", Principal=role["Arn"])
assert b"Ada" in as_app.invoke(**event)["Payload"].read()

# Another account: its own functions have the same names and are others.
alien = client("lambda", *foreign)
assert alien.list_functions()["Functions"] == []
refused("ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:222222222222:function:hello", 404, alien.get_function, FunctionName="hello")
by_arn = {"FunctionName": made["FunctionArn"], "Payload": event["Payload"]}
alien_who = "User: arn:aws:iam::222222222222:root is not authorized to perform: lambda:InvokeFunction on resource: " + made["FunctionArn"]
refused("AccessDeniedException", alien_who + " because no resource-based policy allows the lambda:InvokeFunction action", 403, alien.invoke, **by_arn)
aws.add_permission(FunctionName="hello", StatementId="foreign", Action="lambda:InvokeFunction", Principal="222222222222")
assert b"Ada" in alien.invoke(**by_arn)["Payload"].read()
refused("AccessDeniedException", "lambda:DeleteFunction", 403, alien.delete_function, FunctionName=made["FunctionArn"])
aws.remove_permission(FunctionName="hello", StatementId="foreign")
refused("AccessDeniedException", alien_who, 403, alien.invoke, **by_arn)
refused("AccessDenied", "sts:AssumeRole on resource: " + role["Arn"], 403, client("sts", *foreign).assume_role, RoleArn=role["Arn"], RoleSessionName="test")

# What tools do before they delete a role, in their order.
assert iam.list_instance_profiles_for_role(RoleName="app")["InstanceProfiles"] == []
made_policy = iam.create_policy(PolicyName="mine", PolicyDocument=policy(("Allow", "lambda:Get*", "*")))["Policy"]
iam.attach_role_policy(RoleName="app", PolicyArn=made_policy["Arn"])
iam.attach_role_policy(RoleName="app", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
assert as_app.get_function(FunctionName="hello")["Configuration"]["Role"] == role["Arn"]
attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
assert [p["PolicyName"] for p in attached] == ["mine", "AWSLambdaBasicExecutionRole"], attached
assert iam.get_policy(PolicyArn=made_policy["Arn"])["Policy"]["AttachmentCount"] == 1
version = iam.get_policy_version(PolicyArn=made_policy["Arn"], VersionId="v1")["PolicyVersion"]
assert version["Document"]["Statement"][0]["Action"] == "lambda:Get*", version
# What tools do to change a policy: another version, which counts at once, in place of the old one.
narrower = policy(("Allow", "lambda:ListFunctions", "*"))
made_version = iam.create_policy_version(PolicyArn=made_policy["Arn"], PolicyDocument=narrower, SetAsDefault=True)["PolicyVersion"]
assert made_version["VersionId"] == "v2" and made_version["IsDefaultVersion"], made_version
refused("AccessDeniedException", "lambda:GetFunction", 403, as_app.get_function, FunctionName="hello")
as_app.list_functions()
refused("DeleteConflict", "Cannot delete the default version of a policy.", 409, iam.delete_policy_version, PolicyArn=made_policy["Arn"], VersionId="v2")
iam.delete_policy_version(PolicyArn=made_policy["Arn"], VersionId="v1")
assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=made_policy["Arn"])["Versions"]] == ["v2"]
assert iam.update_role_description(RoleName="app", Description="for apps")["Role"]["Description"] == "for apps"
refused("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409, iam.delete_role, RoleName="app")
refused("DeleteConflict", "Cannot delete a policy attached to entities.", 409, iam.delete_policy, PolicyArn=made_policy["Arn"])
for p in attached:
    iam.detach_role_policy(RoleName="app", PolicyArn=p["PolicyArn"])
iam.delete_policy(PolicyArn=made_policy["Arn"])
assert iam.list_role_policies(RoleName="app")["PolicyNames"] == []
iam.tag_role(RoleName="app", Tags=[{"Key": "team", "Value": "<blue> & co"}])
assert iam.list_role_tags(RoleName="app")["Tags"] == [{"Key": "team", "Value": "<blue> & co"}]
refused("MalformedPolicyDocument", "must be in ARN format", 400, iam.put_role_policy, RoleName="app", PolicyName="p", PolicyDocument=policy(("Allow", "*", "x")))
iam.delete_role(RoleName="app")
refused("NoSuchEntity", "The role with name app cannot be found.", 404, iam.get_role, RoleName="app")
refused("UnrecognizedClientException", unknown, 403, as_app.get_function, FunctionName="hello")
