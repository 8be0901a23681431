"""Calls every operation of the service models once and prints, as Markdown, which
of them this Lambent has.

An operation that Lambent lacks says so before it looks at what it was given; so
what is given here is made up from the shapes alone."""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SERVICES = [
    ("lambda", "AWS Lambda"),
    ("stepfunctions", "AWS Step Functions"),
]

# Kept and answered as AWS does, and without effect so far: nothing is read from a
# source, nothing is invoked asynchronously.
STORED = {
    "CreateEventSourceMapping", "GetEventSourceMapping", "ListEventSourceMappings",
    "UpdateEventSourceMapping", "DeleteEventSourceMapping",
    "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig", "GetFunctionEventInvokeConfig",
    "ListFunctionEventInvokeConfigs", "DeleteFunctionEventInvokeConfig",
}

# Of operations that are there: what they lack. Each is a call that must be refused
# by name, as (operation, parameters, what is lacking).
PARTS = [
    ("lambda", "Invoke", {"FunctionName": "f", "InvocationType": "Event"}, "InvocationType=Event"),
]


def value(shape, depth=0):
    """Something of that shape, as small as it can be."""
    kind = shape.type_name
    if depth > 6:
        return {} if kind == "structure" else None
    if kind == "structure":
        members = {n: value(shape.members[n], depth + 1) for n in shape.required_members}
        return {n: v for n, v in members.items() if v is not None}
    if kind == "list":
        return [value(shape.member, depth + 1)] if shape.metadata.get("min") else []
    if kind == "map":
        return {}
    if kind in ("integer", "long", "float", "double"):
        return max(1, shape.metadata.get("min") or 1)
    if kind == "boolean":
        return True
    if kind == "blob":
        return b"{}"
    if kind == "timestamp":
        return 0
    if shape.enum:
        return shape.enum[0]
    if "arn" in shape.name.lower() or shape.name == "Resource":
        return "arn:aws:lambda:us-east-1:000000000000:function:f"
    return "f"


def answers(client, operation, parameters):
    """Whether the operation is there."""
    try:
        getattr(client, operation)(**parameters)
    except ClientError as e:
        status = e.response["ResponseMetadata"]["HTTPStatusCode"]
        lacking = status == 501
        if lacking and e.response["Error"]["Code"] != "NotImplementedException":
            sys.exit(f"{operation}: {e.response}")
        if status >= 500 and not lacking:
            sys.exit(f"{operation}: {e.response}")
        return not lacking
    return True


def main():
    print("# Which operations are there\n")
    print(f"Made by calling each operation that boto3 {boto3.__version__} knows; a test does it again and compares:\n")
    print("    cd host/hosttest/awstest && go test -run Compatibility . [-update]\n")
    print("An operation that is not there answers `NotImplementedException`, status 501, with its name. *Stored* ones keep what they")
    print("are given and answer as AWS does, and nothing follows from it yet: nothing is delivered.\n")
    config = Config(parameter_validation=False, inject_host_prefix=False, retries={"total_max_attempts": 1})
    for service, title in SERVICES:
        client = boto3.client(service, config=config)
        model = client.meta.service_model
        names = {model_name: method for method, model_name in client.meta.method_to_api_mapping.items()}
        lines, there = [], 0
        for name in sorted(model.operation_names):
            shape = model.operation_model(name).input_shape
            has = answers(client, names[name], value(shape) if shape else {})
            there += has
            lacks = []
            for of, operation, parameters, what in PARTS:
                if has and (of, operation) == (service, name):
                    if answers(client, names[name], parameters):
                        sys.exit(f"{name} with {what} is said to be lacking, and answers")
                    lacks.append(f"without `{what}`")
            state = "no" if not has else "stored" if name in STORED else ", ".join(["yes"] + lacks)
            lines.append(f"| {name} | {state} |")
        print(f"## {title}\n\n{there} of {len(lines)} operations.\n")
        print("| operation | |\n|---|---|")
        print("\n".join(lines) + "\n")


main()
