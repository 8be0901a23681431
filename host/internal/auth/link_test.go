package auth

import (
	"strings"
	"testing"
)

func TestLink(t *testing.T) {
	f := newFixture(t)
	link := f.Link("code/0d3f")
	if !f.IsLink("code/0d3f", link) {
		t.Errorf("%s is not good", link)
	}
	for what, query := range map[string]string{"code/0d3e": link, "code/0d3f": strings.Replace(link, "Expires=1", "Expires=2", 1), "code/0d3f ": link} {
		if f.IsLink(what, query) {
			t.Errorf("%s is good for %s", query, what)
		}
	}
	for _, query := range []string{"", "Expires=x", "%zz", "Expires=99999999999&Signature=00"} {
		if f.IsLink("code/0d3f", query) {
			t.Errorf("%q is good", query)
		}
	}
	f.now = f.now.Add(linkLasts)
	if f.IsLink("code/0d3f", link) {
		t.Error("it is good for too long")
	}
}
