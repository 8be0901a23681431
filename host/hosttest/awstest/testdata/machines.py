"""The life of state machines as boto3 sees it; the definition of one that calls
the function "hello" comes on standard input."""
import json
import sys
import time

import boto3
from botocore.config import Config

# boto3 would put "sync-" before the address for StartSyncExecution and TestState.
sfn = boto3.client("stepfunctions", config=Config(inject_host_prefix=False, retries={"max_attempts": 0}))
role = "arn:aws:iam::000000000000:role/test"
definition = sys.stdin.read()

express = sfn.create_state_machine(name="express", type="EXPRESS", definition=definition, roleArn=role)["stateMachineArn"]
answer = sfn.start_sync_execution(stateMachineArn=express, input='{"name":"Ada"}')
assert answer["status"] == "SUCCEEDED" and json.loads(answer["output"]) == {"message": "Hello, Ada!"}, answer
answer = sfn.start_sync_execution(stateMachineArn=express, input="{}")
assert answer["status"] == "FAILED" and answer["error"] == "errorString" and "name is missing" in answer["cause"], answer

tested = sfn.test_state(definition=json.dumps({"Type": "Pass", "Result": [1], "Next": "Other"}), inspectionLevel="DEBUG")
assert tested["status"] == "SUCCEEDED" and tested["output"] == "[1]" and tested["nextState"] == "Other", tested

activity = sfn.create_activity(name="approve")["activityArn"]
machine = sfn.create_state_machine(
    name="approval", roleArn=role, tags=[{"key": "team", "value": "blue"}],
    definition=json.dumps({"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": activity, "End": True}}}),
)["stateMachineArn"]
assert sfn.list_tags_for_resource(resourceArn=machine)["tags"] == [{"key": "team", "value": "blue"}]
execution = sfn.start_execution(stateMachineArn=machine, name="one", input='{"amount":7}')["executionArn"]
task = sfn.get_activity_task(activityArn=activity, workerName="boto3")
assert json.loads(task["input"]) == {"amount": 7}, task
sfn.send_task_heartbeat(taskToken=task["taskToken"])
sfn.send_task_success(taskToken=task["taskToken"], output='"approved"')
for _ in range(1000):
    ended = sfn.describe_execution(executionArn=execution)
    if ended["status"] != "RUNNING":
        break
    time.sleep(0.01)
assert ended["status"] == "SUCCEEDED" and ended["output"] == '"approved"', ended
pages = sfn.get_paginator("get_execution_history").paginate(executionArn=execution, PaginationConfig={"PageSize": 2})
types = [event["type"] for page in pages for event in page["events"]]
assert types == ["ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded", "TaskStateExited", "ExecutionSucceeded"], types

try:
    sfn.start_execution(stateMachineArn=machine, name="one", input='{"amount":8}')
    raise AssertionError("a name was used twice")
except sfn.exceptions.ExecutionAlreadyExists:
    pass
machines = [m["name"] for page in sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 1}) for m in page["stateMachines"]]
assert machines == ["approval", "express"], machines
