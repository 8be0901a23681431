package function

import (
	"sync"
	"time"
)

// queue is the deployments under way: those that wait for a worker, and those
// that a worker has. It bounds how many there may be.
type queue struct {
	most int

	mu     sync.Mutex // guards what follows; live.mu is locked under it
	jobs   map[string]*job
	waits  [2][]*job // by job.lane
	closed bool
	wake   sync.Cond // waits or closed changed
}

// lane is which workers a deployment waits for. Comparing engines takes minutes, and
// one comparison waits for others, those of other accounts included: deployments that
// ask for none wait for none.
type lane uint8

const (
	deploying lane = iota // all, until their records were read
	verifying             // those with sample events
)

// job is a deployment that has to be settled.
type job struct {
	name, deployment string
	settled          chan struct{}  // closed when it left the queue
	result           *Configuration // of the function as it settled; nil if that is not known. Set before settled is closed
	dropped          bool           // its function seemed to go since it was taken up
	abandon          func()         // ends what a worker does for it; nil before it is taken up
	lane             lane           // whose worker has it, or is to have it; the worker's
	tries            int            // the worker's
	waited           bool           // as long as Config.Waits says; the worker's
}

func newQueue(most int) *queue {
	q := &queue{most: most, jobs: make(map[string]*job)}
	q.wake.L = &q.mu
	return q
}

// reserve admits a deployment that push will follow, or done; nil if there are
// too many.
func (q *queue) reserve(name, deployment string) *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) >= q.most {
		return nil
	}
	j := &job{name: name, deployment: deployment, settled: make(chan struct{})}
	q.jobs[deployment] = j
	return j
}

// resume admits a deployment that was found unsettled, however many there are.
func (q *queue) resume(name, deployment string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.jobs[deployment] != nil {
		return
	}
	j := &job{name: name, deployment: deployment, settled: make(chan struct{})}
	q.jobs[deployment] = j
	q.enqueue(j)
}

func (q *queue) push(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.enqueue(j)
}

func (q *queue) enqueue(j *job) {
	q.waits[j.lane] = append(q.waits[j.lane], j)
	q.wake.Broadcast() // not all wait for this lane
}

// pushAfter is push, later. Nothing else ends the timer: a push after close is
// without effect.
func (q *queue) pushAfter(j *job, d time.Duration) { time.AfterFunc(d, func() { q.push(j) }) }

// next waits for a job of a lane; ok is false when the queue is closed.
func (q *queue) next(l lane) (j *job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waits[l]) == 0 && !q.closed {
		q.wake.Wait()
	}
	if q.closed {
		return nil, false
	}
	waiting := q.waits[l]
	j, waiting[0] = waiting[0], nil
	q.waits[l] = waiting[1:]
	return j, true
}

// done ends a job, or one that was only reserved.
func (q *queue) done(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.jobs, j.deployment)
	close(j.settled)
}

// drop has the worker of a deployment, whose function seems to be gone, abandon it
// and see: what is true is in the store. Who creates and deletes functions of one name
// at once may hear of it in another order than the store.
func (q *queue) drop(deployment string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j := q.jobs[deployment]; j != nil {
		j.drop()
	}
}

// dropOthers drops the deployments of a function but for one: those of functions
// that had its name before, and those that may come to be after it.
func (q *queue) dropOthers(function, deployment string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if j.name == function && j.deployment != deployment {
			j.drop()
		}
	}
}

// drop is for the queue, which holds its lock.
func (j *job) drop() {
	j.dropped = true
	if j.abandon != nil {
		j.abandon()
	}
}

// begin says what abandons a job that was taken up: it is quick, and may be called
// at any time until the next begin. Its record is read after that.
func (q *queue) begin(j *job, abandon func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j.abandon, j.dropped = abandon, false
}

// unlessDropped runs f, which is quick, unless the job was dropped since begin; drop
// waits while f runs.
func (q *queue) unlessDropped(j *job, f func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !j.dropped {
		f()
	}
	return !j.dropped
}

// settled returns what is closed when the deployment leaves the queue; nil if it
// is not there.
func (q *queue) settled(deployment string) <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j := q.jobs[deployment]; j != nil {
		return j.settled
	}
	return nil
}

// close lets workers end; what waits is left.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}
