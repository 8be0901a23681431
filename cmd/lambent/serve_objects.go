package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
)

// awsOptions are the flags that stand for what is around functions on AWS.
type awsOptions struct {
	objects string
	waits   float64
}

func (o *awsOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.objects, "s3", "", "the `URL` of a store that speaks S3's protocol, to fetch code from that requests name by S3Bucket and S3Key; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY sign requests to it, if they are set. Whoever may create functions can have any object of it fetched")
	f.Float64Var(&o.waits, "aws-waits", 0, "how long changes take at least, for tests of clients that expect states which pass, such as Pending: 1 is a second, about as on AWS")
}

// set notes what was given.
func (o *awsOptions) set(config *host.Config) error {
	if o.waits < 0 {
		return fmt.Errorf("--aws-waits %v: it may not be negative", o.waits)
	}
	config.Waits = o.waits
	config.Objects = host.Objects{
		Endpoint: o.objects, AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
	}
	return nil
}
