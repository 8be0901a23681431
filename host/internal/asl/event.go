package asl

import "time"

// EventType is the type of a history event, as in AWS's GetExecutionHistory.
type EventType string

// Event types that are not made of the name of a state's type.
const (
	executionStarted   EventType = "ExecutionStarted"
	executionSucceeded EventType = "ExecutionSucceeded"
	executionFailed    EventType = "ExecutionFailed"
	executionAborted   EventType = "ExecutionAborted"
	executionTimedOut  EventType = "ExecutionTimedOut"
	evaluationFailed   EventType = "EvaluationFailed"

	mapIterationStarted   EventType = "MapIterationStarted"
	mapIterationSucceeded EventType = "MapIterationSucceeded"
	mapIterationFailed    EventType = "MapIterationFailed"
	mapIterationAborted   EventType = "MapIterationAborted"
	mapRunStarted         EventType = "MapRunStarted"
	mapRunSucceeded       EventType = "MapRunSucceeded"
	mapRunFailed          EventType = "MapRunFailed"
)

// Event is one entry of an execution's history. Fields that an event's type
// does not have are nil or zero. Events are never changed.
type Event struct {
	// ID counts from 1; PreviousID is the event that led to this one, 0 if
	// there is none.
	ID, PreviousID int64
	Type           EventType
	Time           time.Time

	// Signals are what the outside said that made this event and those after it,
	// up to the next one that has Signals. It is one, after any that led to no
	// event of their own. A history is replayed by applying the signals in it
	// again; see [Resume].
	Signals []Signal

	Name     string  // of a state, or of the Map state of an iteration
	Input    *string // JSON text
	Output   *string // JSON text
	RoleArn  string
	Assigned []Assignment // variables that a state has set
	Error    *string
	Cause    *string

	Resource       string
	ResourceType   string
	Region         string
	Parameters     *string // JSON text
	TimeoutSeconds int64
	Heartbeat      int64 // seconds
	TaskRole       string
	Worker         string

	Index     int // of an iteration
	Length    int // of a Map state's items
	MapRunArn string
	State     string
	Location  string
}

// Assignment is a variable and the JSON text of its new value.
type Assignment struct{ Name, Value string }
