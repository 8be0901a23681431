package function_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestRead looks at one function by every way there is.
func TestRead(t *testing.T) {
	s := newService(t, function.Config{Account: "123456789012", Region: "eu-north-1"})
	zip := packGuest(t, "echo")
	created, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: zip, Settings: settings(), Tags: map[string]string{"team": "blue"}})
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:lambda:eu-north-1:123456789012:function:f"
	sum := sha256.Sum256(zip)
	if created.ARN != arn || created.Version != "$LATEST" || created.CodeSHA256 != base64.StdEncoding.EncodeToString(sum[:]) || created.CodeSize != int64(len(zip)) {
		t.Errorf("created: %+v", created)
	}
	c := settle(t, s, "f")
	if created.LastModified != c.LastModified || c.RevisionID == created.RevisionID {
		t.Errorf("settled: %+v", c)
	}
	ctx := t.Context()
	for _, ref := range []function.Ref{{Name: "f"}, {Name: "f", Qualifier: "$LATEST"}} {
		d, err := s.Get(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		wantARN, wantTags := arn, map[string]string{"team": "blue"}
		if ref.Qualifier != "" {
			wantARN, wantTags = arn+":$LATEST", nil
		}
		if d.Configuration.ARN != wantARN || !maps.Equal(d.Tags, wantTags) {
			t.Errorf("%+v: %+v", ref, d)
		}
		code, err := s.Code(ctx, d.CodeDigest)
		if err != nil || !bytes.Equal(code, zip) {
			t.Errorf("%+v: its code has %d bytes, %v", ref, len(code), err)
		}
	}
	if page, err := s.Versions(ctx, "f", "", 0); err != nil || len(page.Functions) != 1 || page.Functions[0].ARN != arn+":$LATEST" || page.Next != "" {
		t.Errorf("versions: %+v, %v", page, err)
	}
	if page, err := s.Versions(ctx, "f", "$LATEST", 0); err != nil || len(page.Functions) != 0 {
		t.Errorf("versions after the last: %+v, %v", page, err)
	}
	if tags, err := s.Tags(ctx, arn); err != nil || !maps.Equal(tags, map[string]string{"team": "blue"}) {
		t.Errorf("tags: %v, %v", tags, err)
	}
	active(t, s, "g", zip)
	if tags, err := s.Tags(ctx, "arn:aws:lambda:eu-north-1:123456789012:function:g"); err != nil || tags == nil || len(tags) > 0 {
		t.Errorf("no tags: %v, %v", tags, err)
	}
	if u, err := s.AccountUsage(ctx); err != nil || u != (function.Usage{CodeSize: 2 * int64(len(zip)), CodeStorage: function.DefaultCodeStorage, Functions: 2, Unreserved: 1000}) {
		t.Errorf("usage: %+v, %v", u, err)
	}

	for _, digest := range []string{"", "f", "../lambent.db", fmt.Sprintf("%064x", 1)} {
		_, err := s.Code(ctx, digest)
		wantFault(t, "code "+digest, err, fault.ResourceNotFound, "There is no code with the digest")
	}
	_, err = s.Versions(ctx, "h", "", 0)
	wantFault(t, "versions of what is not there", err, fault.ResourceNotFound, "function:h")
	_, err = s.Get(ctx, function.Ref{Name: "f", Qualifier: "1"})
	wantFault(t, "a version", err, fault.ResourceNotFound, "Function not found: "+arn+":1")
	_, err = s.Get(ctx, function.Ref{Name: "f/../g"})
	wantFault(t, "no name", err, fault.ResourceNotFound, "Function not found")
	_, err = s.Tags(ctx, "arn:aws:lambda:us-east-1:123456789012:function:f")
	wantFault(t, "tags elsewhere", err, fault.ResourceNotFound, "Functions from 'us-east-1' are not reachable in this region ('eu-north-1')")
	_, err = s.Tags(ctx, "arn:aws:lambda:eu-north-1:210987654321:function:f")
	wantFault(t, "tags of another account", err, fault.ResourceNotFound, "Function not found")

	// Deleting what is no function of its own.
	wantFault(t, "alias", s.Delete(ctx, function.Ref{Name: "f", Qualifier: "live"}), fault.InvalidParameterValue, "Deletion of aliases")
	if err := s.Delete(ctx, function.Ref{Name: "f", Qualifier: "3"}); err != nil {
		t.Errorf("deleting a version that is not there: %v", err)
	}
	wantFault(t, "version of nothing", s.Delete(ctx, function.Ref{Name: "h", Qualifier: "3"}), fault.ResourceNotFound, "function:h")
	if _, err := s.Get(ctx, function.Ref{Name: "f"}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestList pages through functions.
func TestList(t *testing.T) {
	s := newService(t, function.Config{})
	var want []string
	for i := range 103 {
		want = append(want, fmt.Sprintf("f%03d", i))
		create(t, s, want[i], packGuest(t, "echo"))
	}
	for _, max := range []int{0, 1, 7, 50, 51, 103, 10_000} {
		var got []string
		pages := 0
		for marker := ""; ; {
			page, err := s.List(t.Context(), marker, max)
			if err != nil {
				t.Fatal(err)
			}
			most := max
			if most == 0 || most > function.MaxItems {
				most = function.MaxItems
			}
			if pages++; len(page.Functions) > most {
				t.Fatalf("max %d: a page of %d", max, len(page.Functions))
			}
			for _, c := range page.Functions {
				got = append(got, c.Name)
				if c.ARN != s.ARN(function.Ref{Name: c.Name}) {
					t.Errorf("%s has the ARN %s", c.Name, c.ARN)
				}
			}
			if marker = page.Next; marker == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("max %d: %d functions in %d pages: %v", max, len(got), pages, got)
		}
	}
}
