package asl

import (
	"math"
	"time"
)

// retry plans another attempt at the frame's state if a retrier says so.
func (r *Run) retry(f *frame, failed *failure) bool {
	for i, retrier := range f.state.retry {
		if !failed.matches(retrier.errorEquals) {
			continue
		}
		if f.attempts[i] >= retrier.maxAttempts {
			return false
		}
		delay := retrier.delay(f.attempts[i])
		if r.test != nil {
			r.test.retried(i, delay, failed)
			r.status = Failed
			return true
		}
		if retrier.fullJitter {
			r.evaluations++
			draw := random{seed: r.start.Seed, place: r.evaluations}
			delay *= draw.next()
		}
		f.attempts[i]++
		f.retries++
		r.timer(f, r.now.Add(time.Duration(delay*float64(time.Second))), func(Signal) {
			r.execute(f)
			r.resume(f)
		})
		return true
	}
	return false
}

// delay is how long to wait before another attempt, in seconds.
func (t *retrier) delay(attempts int) float64 {
	longest := float64(math.MaxInt32)
	if t.maxDelaySeconds > 0 {
		longest = t.maxDelaySeconds
	}
	return min(t.intervalSeconds*math.Pow(t.backoffRate, float64(attempts)), longest)
}

// catch goes on where a catcher says, if one does.
func (r *Run) catch(f *frame, failed *failure) bool {
	for i, catcher := range f.state.Catch {
		if !failed.matches(catcher.ErrorEquals) {
			continue
		}
		if r.test != nil {
			r.test.caught(i, failed)
		}
		if another := r.caught(f, catcher, failed); another != nil {
			r.explain(f, another)
			r.failUncaught(f, another)
		}
		return true
	}
	return false
}

// caught computes what a catcher makes of an error and goes on.
func (r *Run) caught(f *frame, catcher *Catcher, failed *failure) *failure {
	e := r.evaluator(f, f.input.Value())
	errorOutput := failed.output()
	output := errorOutput
	if f.state.QueryLanguage == JSONata {
		e.errorOutput = errorOutput
		if catcher.output != nil {
			var another *failure
			if output, another = e.fill(catcher.output); another != nil {
				return another
			}
		}
	} else {
		e.input = errorOutput
		var another *failure
		if output, another = place(catcher.resultPath, f.input.Value(), errorOutput); another != nil {
			return another
		}
	}
	return r.leaveWith(f, e, catcher.assign, output, catcher.Next)
}
