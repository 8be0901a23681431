package gateway

import (
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/api"
)

func TestServeRefusesNegativeBounds(t *testing.T) {
	fields := reflect.TypeFor[Config]()
	refused := 0
	for i := range fields.NumField() {
		var c Config
		field := reflect.ValueOf(&c).Elem().Field(i)
		if !field.CanInt() {
			continue
		}
		field.SetInt(-1)
		want := "gateway: Config." + fields.Field(i).Name + " is -1"
		if err := newGateway(api.New(functions{}, nil), c).ListenAndServe("127.0.0.1:0"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		refused++
	}
	if refused != 7 {
		t.Errorf("%d bounds were tried, there are 7", refused)
	}
}
