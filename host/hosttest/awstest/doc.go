// Package awstest has nothing but tests: it drives a Lambent with the clients
// that people have, AWS's SDK for Go, the AWS CLI, boto3 and Terraform. It is a module
// of its own, so that nobody who uses Lambent has to download an SDK.
package awstest
