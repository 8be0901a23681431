package intrinsic

import (
	"math"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// maxRange is the number of items that AWS lets ArrayRange make.
const maxRange = 1000

func makeArray(_ *Call, _ Env, values []any) (any, error) {
	return append([]any{}, values...), nil
}

func arrayPartition(c *Call, _ Env, values []any) (any, error) {
	items := values[0].([]any)
	size := round(values[1].(float64))
	if size < 1 || size > math.MaxInt32 {
		return nil, c.fail("the size of a part must be a positive integer")
	}
	parts := []any{}
	for n := int(size); len(items) > 0; {
		part := items[:min(n, len(items))]
		parts = append(parts, part[:len(part):len(part)])
		items = items[len(part):]
	}
	return parts, nil
}

func arrayContains(_ *Call, _ Env, values []any) (any, error) {
	for _, item := range values[0].([]any) {
		if payload.Equal(item, values[1]) {
			return true, nil
		}
	}
	return false, nil
}

func arrayRange(c *Call, _ Env, values []any) (any, error) {
	first, last, step := round(values[0].(float64)), round(values[1].(float64)), round(values[2].(float64))
	if step == 0 {
		return nil, c.fail("the increment must not be 0")
	}
	items := []any{}
	for i := 0.0; ; i++ {
		n := first + i*step
		if step > 0 && n > last || step < 0 && n < last {
			return items, nil
		}
		if len(items) == maxRange {
			return nil, c.fail("the array would have more than %d items", maxRange)
		}
		items = append(items, n)
	}
}

func arrayGetItem(c *Call, _ Env, values []any) (any, error) {
	items, i := values[0].([]any), round(values[1].(float64))
	if i < 0 || i >= float64(len(items)) {
		return nil, c.fail("index %v is outside an array of %d items", i, len(items))
	}
	return items[int(i)], nil
}

func arrayLength(_ *Call, _ Env, values []any) (any, error) {
	return float64(len(values[0].([]any))), nil
}

func arrayUnique(c *Call, _ Env, values []any) (any, error) {
	seen := make(map[string]bool)
	unique := []any{}
	room := MaxResult
	for _, item := range values[0].([]any) {
		key, err := payload.Canonical(item, room)
		if err != nil {
			return nil, c.fail("the array is longer than %d bytes", MaxResult)
		}
		room -= len(key)
		if !seen[key] {
			seen[key] = true
			unique = append(unique, item)
		}
	}
	return unique, nil
}

func jsonMerge(c *Call, _ Env, values []any) (any, error) {
	if values[2].(bool) {
		return nil, c.fail("deep merging is not supported: the third argument must be false")
	}
	merged := jsonata.NewObject()
	for _, v := range values[:2] {
		for key, value := range v.(*jsonata.Object).All() {
			merged.Set(key, value)
		}
	}
	return merged, nil
}
