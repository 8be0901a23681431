// Package gateway puts a Host on an address: it speaks HTTP/1.1 with AWS SDKs,
// the AWS CLI and curl, and hands what they ask for to the API.
//
// It is the border. It decides, before anything is done for a request, whether
// the bytes are HTTP beyond doubt, whether the client may speak to this host,
// and whether there is room: every request has a limit of its operation, all
// requests together have one of bytes and one of number, every wait has an end.
// A body is read once, into memory that belongs to the request alone. What a
// request means is not decided here.
//
// # Who may speak
//
// With AuthKeys, whoever signs a request with an access key of the Host (AWS
// Signature Version 4), for what the policies of its account, its role and of what
// it asks for allow. The signature is read before the body is, and verified with
// it. Every address may be served; put TLS on those that others can listen to, as
// a signature keeps nothing secret.
//
// With AuthNone, everybody who reaches the address. Therefore it must be a loopback
// address or a Unix socket, requests must name a loopback host (127.0.0.0/8, ::1,
// localhost or a name under .localhost), and requests that a browser sends for a
// page of any other origin are refused: neither a page that resolves its own name
// to 127.0.0.1 nor one that posts a form reaches a function. Signatures, which AWS
// SDKs always send, are accepted and not verified; an access key of 12 digits is
// the account that the request is for.
//
// # Paths
//
//   - AWS's REST paths: the API of AWS Lambda
//   - POST /: those of AWS Step Functions (X-Amz-Target), AWS IAM and AWS STS (a form)
//   - POST /functions/NAME: the body is the event, the answer is what the function
//     answered; 502 if it failed, so that curl --fail does
//   - GET /code/DIGEST: the zip file that GetFunction's Code.Location names
//   - GET /health: 200 and {"status":"ok"} while requests are accepted
package gateway
