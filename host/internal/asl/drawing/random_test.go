package drawing

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

type members = map[string]any

// maker makes valid definitions at random, with branches, loops, errors and
// names of all lengths.
type maker struct {
	*rand.Rand
	names int
}

func (m *maker) machine(states, depth int) string {
	text, err := json.Marshal(m.branch(states, depth))
	if err != nil {
		panic(err)
	}
	return string(text)
}

// branch makes states of which each leads to the next, among others.
func (m *maker) branch(states, depth int) members {
	names := make([]string, states)
	for i := range names {
		m.names++
		names[i] = fmt.Sprintf("%d %s", m.names, strings.Repeat("name ", m.IntN(5)))
	}
	all := members{}
	for i, name := range names {
		next := ""
		if i+1 < states {
			next = names[i+1]
		}
		all[name] = m.state(next, names, depth)
	}
	return members{"StartAt": names[0], "States": all}
}

func (m *maker) state(next string, names []string, depth int) members {
	anywhere := func() string { return names[m.IntN(len(names))] }
	if next != "" && m.IntN(3) == 0 {
		choices := []any{}
		for range m.IntN(5) {
			choices = append(choices, members{"Variable": "$.x" + strings.Repeat("y", m.IntN(60)), "NumericEquals": m.IntN(9), "Next": anywhere()})
		}
		choices = append(choices, members{"Variable": "$.z", "IsPresent": true, "Next": next})
		return members{"Type": "Choice", "Choices": choices, "Default": anywhere()}
	}
	s := members{"Type": "Pass"}
	switch kind := m.IntN(6); {
	case kind == 0:
		s = members{"Type": "Wait", "Seconds": m.IntN(100)}
	case kind == 1 && depth > 0:
		branches := []any{}
		for range 1 + m.IntN(3) {
			branches = append(branches, m.branch(1+m.IntN(5), depth-1))
		}
		s = members{"Type": "Parallel", "Branches": branches}
		m.catch(s, anywhere)
	case kind == 2 && depth > 0:
		s = members{"Type": "Map", "ItemProcessor": m.branch(1+m.IntN(6), depth-1)}
		m.catch(s, anywhere)
	case kind == 3 && next == "":
		return members{"Type": []string{"Succeed", "Fail"}[m.IntN(2)]}
	case kind > 3:
		s = members{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": []any{members{"ErrorEquals": []string{"A"}}}}
		m.catch(s, anywhere)
	}
	if next == "" {
		s["End"] = true
	} else {
		s["Next"] = next
	}
	return s
}

func (m *maker) catch(s members, anywhere func() string) {
	if m.IntN(2) == 0 {
		return
	}
	catchers := []any{}
	for i := range 1 + m.IntN(3) {
		catchers = append(catchers, members{"ErrorEquals": []string{fmt.Sprintf("Error.%d", i)}, "Next": anywhere()})
	}
	s["Catch"] = catchers
}
