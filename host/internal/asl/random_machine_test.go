package asl_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// machineMaker makes machines at random: valid ones, of all types of states,
// with loops, failures, retries and catchers.
type machineMaker struct {
	*rand.Rand
	jsonata bool
	names   int
}

type members = map[string]any

// machine returns a definition.
func (m *machineMaker) machine() string {
	m.jsonata = m.IntN(3) == 0
	machine := m.branch(2)
	if m.jsonata {
		machine["QueryLanguage"] = "JSONata"
	}
	if m.IntN(8) == 0 {
		machine["TimeoutSeconds"] = 1 + m.IntN(100)
	}
	text, err := json.Marshal(machine)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// branch makes states of which each is reached and one ends.
func (m *machineMaker) branch(depth int) members {
	n := 1 + m.IntN(4)
	names := make([]string, n)
	for i := range names {
		m.names++
		names[i] = fmt.Sprintf("S%d", m.names)
	}
	states := members{}
	for i, name := range names {
		// Every state leads to the one after it, so that all are reached.
		next := ""
		if i+1 < n {
			next = names[i+1]
		}
		states[name] = m.state(next, names, depth)
	}
	return members{"StartAt": names[0], "States": states}
}

func (m *machineMaker) state(next string, names []string, depth int) members {
	s := members{}
	kinds := []string{"Pass", "Task", "Wait", "Pass", "Task"}
	if depth > 0 {
		kinds = append(kinds, "Parallel", "Map", "Map")
	}
	if next != "" {
		kinds = append(kinds, "Choice", "Choice")
	} else {
		kinds = append(kinds, "Succeed", "Fail")
	}
	kind := kinds[m.IntN(len(kinds))]
	s["Type"] = kind
	switch kind {
	case "Choice":
		m.choice(s, next, names)
		return s
	case "Succeed":
		return s
	case "Fail":
		if m.IntN(2) == 0 {
			s["Error"] = m.errorName()
		}
		return s
	case "Wait":
		s["Seconds"] = m.IntN(5)
	case "Task":
		s["Resource"] = []string{"arn:aws:lambda:us-east-1:000000000000:function:f", "arn:aws:states:::lambda:invoke", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:states:us-east-1:000000000000:activity:a"}[m.IntN(4)]
		s["TimeoutSeconds"] = 2 + m.IntN(50)
		m.recovery(s, names)
	case "Parallel":
		branches := []any{}
		for range 1 + m.IntN(3) {
			branches = append(branches, m.branch(depth-1))
		}
		s["Branches"] = branches
		m.recovery(s, names)
	case "Map":
		processor := m.branch(depth - 1)
		if m.IntN(4) == 0 {
			processor["ProcessorConfig"] = members{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
			s["ToleratedFailurePercentage"] = m.IntN(101)
		}
		s["ItemProcessor"] = processor
		s["MaxConcurrency"] = m.IntN(3)
		m.items(s)
		m.recovery(s, names)
	}
	m.dataFlow(s, kind)
	if next == "" {
		s["End"] = true
	} else {
		s["Next"] = next
	}
	return s
}

func (m *machineMaker) choice(s members, next string, names []string) {
	to := names[m.IntN(len(names))] // perhaps back: a loop
	if m.jsonata {
		s["Choices"] = []any{members{"Condition": "{% $random() < 0.3 %}", "Next": to}}
	} else {
		s["Choices"] = []any{
			members{"Variable": "$.n", "IsPresent": true, "Next": to},
			members{"And": []any{members{"Variable": "$", "IsNumeric": true}, members{"Not": members{"Variable": "$", "NumericLessThan": m.IntN(4)}}}, "Next": next},
		}
	}
	s["Default"] = next
}

func (m *machineMaker) items(s members) {
	items := []any{}
	for i := range m.IntN(4) {
		items = append(items, i)
	}
	switch {
	case m.jsonata && m.IntN(3) > 0:
		s["Items"] = items
		if m.IntN(3) == 0 { // which only distributed maps go over
			byKey := members{}
			for i := range items {
				byKey[fmt.Sprintf("k%d", i)] = i
			}
			s["Items"] = byKey
		}
	case m.jsonata:
		s["Items"] = "{% $states.input.items %}"
	case m.IntN(3) > 0:
		s["ItemsPath"] = "$$.Execution.Input.items"
	}
	if m.IntN(2) == 0 && !m.jsonata {
		s["ItemSelector"] = members{"v.$": "$$.Map.Item.Value", "n": 1}
	}
}

func (m *machineMaker) dataFlow(s members, kind string) {
	if m.jsonata {
		switch m.IntN(4) {
		case 0:
			s["Output"] = members{"n": "{% $random() %}", "in": "{% $states.input %}"}
		case 1:
			s["Assign"] = members{"x": "{% $uuid() %}", "y": "{% $states.context.State.Name %}"}
		}
		return
	}
	switch m.IntN(6) {
	case 0:
		if kind == "Pass" || kind == "Task" || kind == "Parallel" {
			s["Parameters"] = members{"id.$": "States.UUID()", "n.$": "States.MathRandom(0, 9)"}
		}
	case 1:
		if kind != "Wait" {
			s["ResultPath"] = "$.r"
		}
	case 2:
		s["OutputPath"] = "$.n"
	case 3:
		s["Assign"] = members{"x.$": "$$.State.Name", "z": members{"deep.$": "$"}}
	case 4:
		s["InputPath"] = "$$"
	}
}

func (m *machineMaker) errorName() string {
	return []string{"E1", "E2", "States.Timeout", "States.TaskFailed", "States.Runtime"}[m.IntN(5)]
}

func (m *machineMaker) recovery(s members, names []string) {
	if m.IntN(2) == 0 {
		retrier := members{"ErrorEquals": []string{m.errorName()}, "MaxAttempts": m.IntN(3)}
		if m.IntN(2) == 0 {
			retrier["JitterStrategy"] = "FULL"
		}
		s["Retry"] = []any{retrier}
	}
	if m.IntN(2) == 0 {
		s["Catch"] = []any{
			members{"ErrorEquals": []string{m.errorName()}, "Next": names[m.IntN(len(names))]},
			members{"ErrorEquals": []string{"States.ALL"}, "Next": names[m.IntN(len(names))]},
		}
	}
}
