package replay

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// objects is S3 as far as the cases need it: what the recorded calls to it put is
// there to get. Their content was not recorded; a deployment package stands in for
// each.
type objects struct {
	t   *testing.T
	url string

	mu      sync.Mutex
	buckets map[string]map[string][]byte
}

func newObjects(t *testing.T) *objects {
	o := &objects{t: t, buckets: map[string]map[string][]byte{}}
	s := httptest.NewServer(o)
	t.Cleanup(s.Close)
	o.url = s.URL
	return o
}

// send does what a recorded call to S3 did.
func (o *objects) send(test string, c *call) {
	o.mu.Lock()
	defer o.mu.Unlock()
	bucket, _ := c.Params["Bucket"].(string)
	key, _ := c.Params["Key"].(string)
	switch c.Operation {
	case "CreateBucket":
		o.buckets[bucket] = map[string][]byte{}
	case "PutObject":
		o.buckets[bucket][key] = pack(o.t, nil)
	case "CompleteMultipartUpload":
		const most = 262_144_000 // of all files of a package
		size := 60 << 20         // more than a request could bring
		if strings.Contains(test, "oversized_unzipped") {
			size = most
		}
		o.buckets[bucket][key] = pack(o.t, make([]byte, size))
	}
}

func (o *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	in, ok := o.buckets[bucket]
	object, there := in[key]
	switch {
	case !ok:
		refuse(w, "NoSuchBucket", "The specified bucket does not exist")
	case !there:
		refuse(w, "NoSuchKey", "The specified key does not exist.")
	default:
		w.Write(object)
	}
}

func refuse(w http.ResponseWriter, code, message string) {
	w.WriteHeader(http.StatusNotFound)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, message)
}
