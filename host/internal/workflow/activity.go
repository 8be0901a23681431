package workflow

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Limits of activities, AWS's.
const (
	maxActivities = 10_000
	maxPollers    = 1000 // of one activity at once
)

// Activity is where workers outside get tasks.
type Activity struct {
	ARN, Name string
	Created   time.Time
}

// activities are the activities, the tasks that wait for a worker, and those
// that wait for an answer by their token. They are in memory: so are the
// executions that use them.
type activities struct {
	mu       sync.Mutex // guards what follows
	byName   map[string]*activity
	expected map[string]func(asl.Signal) // by token
}

type activity struct {
	Activity
	labels  map[string]string
	waiting []*waitingTask
	pollers int
	more    chan struct{} // closed and made anew when a task comes
}

// waitingTask is one that no worker has taken.
type waitingTask struct {
	ctx    context.Context // of the task
	task   asl.Effect
	answer answerer
}

func newActivities() *activities {
	return &activities{byName: map[string]*activity{}, expected: map[string]func(asl.Signal){}}
}

// activityName returns the name in an ARN of an activity.
func (s *Service) activityName(arn string) (string, bool) {
	name, ok := strings.CutPrefix(arn, s.arn("activity:"))
	return name, ok
}

// activityNamed takes the ARN of an activity apart.
func (s *Service) activityNamed(arn string) (string, error) {
	name, ours, err := s.resource(arn, "activity")
	if err == nil && !ours {
		err = noActivity(arn)
	}
	return name, err
}

func noActivity(arn string) *fault.Error {
	return fault.New(ActivityDoesNotExist, "Activity Does Not Exist: '%s'", arn)
}

// CreateActivity creates an activity, or answers the one that is there.
//
// Errors: InvalidName, TooManyTags, Validation, ActivityLimitExceeded,
// NotImplemented (without Config.Ephemeral).
func (s *Service) CreateActivity(name string, tags map[string]string) (Activity, error) {
	if !s.config.Ephemeral {
		return Activity{}, fault.New(fault.NotImplemented, "CreateActivity: only executions of STANDARD state machines have activities; "+
			"Lambent cannot keep those yet. For tests, let them end with the host (lambent serve --ephemeral-executions).")
	}
	if err := checkName(name); err != nil {
		return Activity{}, err
	}
	if err := checkTags(tags); err != nil {
		return Activity{}, err
	}
	x := s.activities
	x.mu.Lock()
	defer x.mu.Unlock()
	a := x.byName[name]
	if a == nil {
		if len(x.byName) >= maxActivities {
			return Activity{}, fault.New(ActivityLimitExceeded, "There are %d activities, which is the most that may be.", len(x.byName))
		}
		a = &activity{Activity: Activity{s.arn("activity:" + name), name, s.config.Now()}, labels: maps.Clone(tags), more: make(chan struct{})}
		x.byName[name] = a
	}
	return a.Activity, nil
}

// Activity describes an activity. Errors: InvalidArn, ActivityDoesNotExist.
func (s *Service) Activity(arn string) (Activity, error) {
	name, err := s.activityNamed(arn)
	if err != nil {
		return Activity{}, err
	}
	s.activities.mu.Lock()
	defer s.activities.mu.Unlock()
	if a := s.activities.byName[name]; a != nil {
		return a.Activity, nil
	}
	return Activity{}, noActivity(arn)
}

// DeleteActivity removes an activity; tasks that wait for a worker go on waiting
// until they time out. Errors: InvalidArn.
func (s *Service) DeleteActivity(arn string) error {
	name, err := s.activityNamed(arn)
	if is(err, ActivityDoesNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s.activities.mu.Lock()
	defer s.activities.mu.Unlock()
	delete(s.activities.byName, name)
	return nil
}

// Activities returns activities after the one of that name, sorted by name; next
// is the name to go on after, "" at the end.
func (s *Service) Activities(after string, max int) (page []Activity, next string) {
	s.activities.mu.Lock()
	defer s.activities.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.activities.byName)) {
		switch {
		case name <= after:
		case len(page) == max:
			return page, page[max-1].Name
		default:
			page = append(page, s.activities.byName[name].Activity)
		}
	}
	return page, ""
}

// tags lets change, which may be nil, alter an activity's tags, and returns them.
func (x *activities) tags(name, arn string, change func(map[string]string) error) (map[string]string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	a := x.byName[name]
	if a == nil {
		return nil, fault.New(ResourceNotFound, "Resource not found: '%s'", arn)
	}
	labels := map[string]string{}
	maps.Copy(labels, a.labels)
	if change != nil {
		if err := change(labels); err != nil {
			return nil, err
		}
		a.labels = labels
	}
	return maps.Clone(labels), nil
}

// offer has a task wait for a worker.
func (x *activities) offer(ctx context.Context, name string, task asl.Effect, answer answerer) {
	x.mu.Lock()
	a := x.byName[name]
	if a != nil {
		a.waiting = append(slices.DeleteFunc(a.waiting, func(w *waitingTask) bool { return w.ctx.Err() != nil }), &waitingTask{ctx, task, answer})
		close(a.more)
		a.more = make(chan struct{})
	}
	x.mu.Unlock()
	if a == nil {
		answer(asl.Signal{Kind: asl.TaskRefused})
		return
	}
	answer(asl.Signal{Kind: asl.TaskAccepted})
}
