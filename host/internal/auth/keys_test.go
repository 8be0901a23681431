package auth

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

func TestKeys(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	if len(c.AccessKeyID) != 20 || len(c.SecretAccessKey) != 40 || !strings.HasPrefix(c.AccessKeyID, "AKIA") {
		t.Errorf("%+v", c)
	}
	caller, err := f.come(f.signed(t, c, "eu-north-1", "lambda", "{}"), "{}")
	if err != nil || caller.ARN != "arn:aws:iam::111111111111:root" || caller.KeyID != c.AccessKeyID || caller.Account != ours {
		t.Fatalf("%+v, %v", caller, err)
	}
	other := f.key(t, theirs, "")
	if caller, err = f.come(f.signed(t, other, "eu-north-1", "lambda", ""), ""); err != nil || caller.Account != theirs {
		t.Errorf("%+v, %v", caller, err)
	}
	all, err := f.Keys(t.Context())
	if err != nil || len(all) != 2 || !slices.ContainsFunc(all, func(k AccessKey) bool { return k.ID == c.AccessKeyID && k.Created.Equal(f.now) }) {
		t.Errorf("%+v, %v", all, err)
	}
	if err := f.DeleteKey(t.Context(), c.AccessKeyID); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(f.signed(t, c, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a deleted key", err, sigv4.Unknown, unknownKey)
	wantCode(t, "deleting it again", f.DeleteKey(t.Context(), c.AccessKeyID), fault.ResourceNotFound, c.AccessKeyID)
	_, _, err = f.CreateKey(t.Context(), "12", "")
	wantCode(t, "no account", err, fault.InvalidParameterValue, "12 digits")
	_, _, err = f.CreateKey(t.Context(), "", "nobody")
	wantCode(t, "no role", err, NoSuchEntity, "nobody")
}

// TestSecretsAreNotInTheDatabase looks for them in all files but the key's.
func TestSecretsAreNotInTheDatabase(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(c.SecretAccessKey)) {
			t.Errorf("%s has the secret", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := f.config.Store.AccessKey(t.Context(), c.AccessKeyID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.config.Sealer.open(stored.Secret, purpose("another")); err == nil {
		t.Error("the secret of one key can be taken for that of another")
	}
}

func TestRefusals(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	request := func() *sigv4.Request { return f.signed(t, c, "eu-north-1", "lambda", "{}") }
	_, err := f.come(request(), "{ }")
	wantSignature(t, "another body", err, sigv4.Invalid, "does not match")
	wrong := c
	wrong.SecretAccessKey += "x"
	_, err = f.come(f.signed(t, wrong, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a wrong secret", err, sigv4.Invalid, "does not match")
	unknown := c
	unknown.AccessKeyID = "AKIAUNKNOWN"
	_, err = f.come(f.signed(t, unknown, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "an unknown key", err, sigv4.Unknown, unknownKey)
	with := c
	with.Token = "x"
	_, err = f.come(f.signed(t, with, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a token with a lasting key", err, sigv4.Unknown, unknownKey)
	_, err = f.come(f.signed(t, c, "us-east-1", "lambda", "{}"), "{}")
	wantSignature(t, "another region", err, sigv4.Invalid, "valid region")
	_, err = f.come(f.signed(t, c, "eu-north-1", "s3", "{}"), "{}")
	wantSignature(t, "another service", err, sigv4.Invalid, "correct service: 'lambda'")
	once := request()
	if _, err := f.come(once, "{}"); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(once, "{}")
	wantSignature(t, "a replayed request", err, sigv4.Invalid, "used before")
	late := request()
	f.now = f.now.Add(6 * time.Minute)
	_, err = f.come(late, "{}")
	wantSignature(t, "an expired request", err, sigv4.Invalid, "Signature expired: 20260301T120000Z is now earlier than 20260301T120100Z (20260301T120600Z - 5 min.)")
	// What was refused was not remembered as used.
	_, err = f.Begin(t.Context(), f.signed(t, c, "us-east-1", "iam", ""), "iam")
	if err != nil {
		t.Errorf("a service without regions: %v", err)
	}
}

func TestKeyOfRole(t *testing.T) {
	f := newFixture(t)
	f.role(t, "ci", trusting(ours))
	c := f.key(t, "", "ci")
	caller, err := f.come(f.signed(t, c, "eu-north-1", "lambda", ""), "")
	if err != nil || caller.Role != "arn:aws:iam::111111111111:role/ci" {
		t.Fatalf("%+v, %v", caller, err)
	}
	if err := f.DeleteRole(t.Context(), ours, "ci"); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(f.signed(t, c, "eu-north-1", "lambda", ""), "")
	wantSignature(t, "a key of a deleted role", err, sigv4.Unknown, unknownKey)
}
