package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// maxBatch bounds the writes of one transaction, so that the first of them does
// not wait long for the last.
const maxBatch = 256

// writer runs writes one after another on a connection of its own, as many as
// wait in one transaction. See the package comment.
type writer struct {
	open func() (*conn, error)

	// Only run touches these.
	conn       *conn // nil after a failure, until the next write
	committing bool  // the transaction has come to its COMMIT: failure leaves it in doubt

	mu      sync.Mutex // guards what follows; held for moments, nothing is locked under it
	queue   []*write
	closing bool

	wake chan struct{} // has one element when queue or closing changed
	done chan struct{} // closed when run has returned
}

// write is one unit of work, which either happens whole or not at all.
type write struct {
	// apply does it on the connection. A refusal undoes it and is its answer; any
	// other error says that storage has failed, and undoes the whole transaction.
	apply func(*conn) error
	// alone says that apply wants no transaction: all before it is committed, and
	// nothing after it has begun.
	alone bool

	taken  atomic.Bool // by run, which will answer, or by a caller who has gone
	answer chan error  // room for one
}

func startWriter(first *conn, open func() (*conn, error)) *writer {
	w := &writer{open: open, conn: first, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

// do has apply run in a transaction and returns after it is durable.
func (w *writer) do(ctx context.Context, apply func(*conn) error) error {
	return w.submit(ctx, &write{apply: apply, answer: make(chan error, 1)})
}

// between has apply run between two transactions.
func (w *writer) between(ctx context.Context, apply func(*conn) error) error {
	return w.submit(ctx, &write{apply: apply, alone: true, answer: make(chan error, 1)})
}

func (w *writer) submit(ctx context.Context, one *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	if w.closing {
		w.mu.Unlock()
		return ErrClosed
	}
	w.queue = append(w.queue, one)
	w.mu.Unlock()
	w.signal()

	select {
	case err := <-one.answer:
		return answered(err)
	case <-ctx.Done():
		if one.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return answered(<-one.answer)
	}
}

func answered(err error) error {
	if refused, ok := errors.AsType[refusal](err); ok {
		return refused.error
	}
	return err
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close has run finish what waits, and waits for it.
func (w *writer) close() error {
	w.mu.Lock()
	w.closing = true
	w.mu.Unlock()
	w.signal()
	<-w.done
	if w.conn == nil {
		return nil
	}
	return w.conn.close()
}

func (w *writer) run() {
	defer close(w.done)
	for {
		batch, more := w.next()
		switch {
		case len(batch) > 0:
			w.serve(batch)
		case !more:
			return
		default:
			<-w.wake
		}
	}
}

// next takes the writes of the next transaction. It returns none if none wait, and
// more as false if none will come.
func (w *writer) next() (batch []*write, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, one := range w.queue {
		if len(batch) == maxBatch || one.alone && len(batch) > 0 {
			break
		}
		n++
		if !one.taken.CompareAndSwap(false, true) {
			continue
		}
		if batch = append(batch, one); one.alone {
			break
		}
	}
	rest := copy(w.queue, w.queue[n:])
	clear(w.queue[rest:])
	w.queue = w.queue[:rest]
	return batch, !w.closing
}

// serve runs a batch and answers it. A connection on which anything but a refusal
// happened is closed; the next batch opens another. If it happened before COMMIT,
// the writes are run again one by one: perhaps only one of them meets a bad page.
func (w *writer) serve(batch []*write) {
	answers := make([]error, len(batch))
	w.committing = false
	err := contained("a write", func() error { return w.transact(batch, answers) })
	if err != nil && w.conn != nil {
		_ = w.conn.close() // rolls back; err says what is wrong
		w.conn = nil
	}
	if err != nil && !w.committing && len(batch) > 1 {
		for i := range batch {
			w.serve(batch[i : i+1])
		}
		return
	}
	for i, one := range batch {
		if err != nil {
			one.answer <- err
		} else {
			one.answer <- answers[i]
		}
	}
}

// transact commits a batch, noting refusals in answers. Refusals too are given
// only after the commit: they may be owed to writes of the same batch.
func (w *writer) transact(batch []*write, answers []error) (err error) {
	if w.conn == nil {
		if w.conn, err = w.open(); err != nil {
			return err
		}
	}
	if batch[0].alone {
		answers[0], err = split(batch[0].apply(w.conn))
		return err
	}
	if _, err := w.conn.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for i, one := range batch {
		if _, err := w.conn.exec("SAVEPOINT one"); err != nil {
			return err
		}
		if answers[i], err = split(one.apply(w.conn)); err != nil {
			return err
		}
		if answers[i] != nil {
			if _, err := w.conn.exec("ROLLBACK TO one"); err != nil {
				return err
			}
		}
		if _, err := w.conn.exec("RELEASE one"); err != nil {
			return err
		}
	}
	w.committing = true
	_, err = w.conn.exec("COMMIT")
	return err
}

// split tells a refusal from a failure.
func split(err error) (refused, failed error) {
	if r, ok := err.(refusal); ok {
		return r, nil
	}
	return nil, err
}
