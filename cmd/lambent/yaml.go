package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// jsonOf is a value of YAML as JSON. What looks like a time is a string.
func jsonOf(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	switch n.Kind {
	case yaml.ScalarNode:
		var v any = n.Value
		if tag := n.ShortTag(); tag == "!!null" || tag == "!!bool" || tag == "!!int" || tag == "!!float" {
			if err := n.Decode(&v); err != nil {
				return nil, err
			}
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s is no value of JSON", n.Line, n.Value)
		}
		return text, nil
	case yaml.SequenceNode, yaml.MappingNode:
		open, end := byte('['), byte(']')
		if n.Kind == yaml.MappingNode {
			open, end = '{', '}'
		}
		b.WriteByte(open)
		for i, inner := range n.Content {
			isKey := n.Kind == yaml.MappingNode && i%2 == 0
			if isKey && inner.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: the name of a member must be a text", inner.Line)
			}
			if i > 0 {
				b.WriteByte(map[bool]byte{true: ',', false: ':'}[isKey || n.Kind == yaml.SequenceNode])
			}
			text, err := jsonOf(inner)
			if isKey {
				text, err = json.Marshal(inner.Value)
			}
			if err != nil {
				return nil, err
			}
			b.Write(text)
		}
		b.WriteByte(end)
		return b.Bytes(), nil
	}
	return nil, fmt.Errorf("line %d: aliases are not supported", n.Line)
}
