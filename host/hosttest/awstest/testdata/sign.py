"""Signs requests as botocore does: a list of {method, url, headers, body, service, query}
comes in as JSON, and goes out with what was signed."""

import base64
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

signed = []
for r in json.load(sys.stdin):
    request = AWSRequest(method=r["method"], url=r["url"], data=base64.b64decode(r["body"] or ""), headers=dict(r["headers"] or []))
    credentials = Credentials("AKIDEXAMPLE", "secret/+key", r["token"] or None)
    if r["query"]:
        auth = SigV4QueryAuth(credentials, r["service"], "us-east-1", expires=600)
    elif r["service"] == "s3":
        auth = S3SigV4Auth(credentials, r["service"], "us-east-1")
    else:
        auth = SigV4Auth(credentials, r["service"], "us-east-1")
    auth.add_auth(request)
    signed.append({"method": request.method, "url": request.url, "headers": [[k, v] for k, v in request.headers.items()]})
json.dump(signed, sys.stdout)
