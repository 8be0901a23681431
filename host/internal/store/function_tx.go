package store

import "context"

// FunctionTx is a function, and what belongs to it, in a transaction. It belongs
// to one goroutine. Besides those named, its errors are failures of the storage:
// once it has returned one, nothing is written, whatever ChangeFunction's change
// returns.
type FunctionTx interface {
	// Function reads the function. Errors: ErrNotFound.
	Function() (Function, error)
	// CreateFunction adds it. Errors: ErrExists, ErrNoCode, ErrInvalid.
	CreateFunction(f Function) error
	// UpdateFunction writes it back. Errors: ErrNotFound, ErrNoCode, ErrInvalid.
	UpdateFunction(f Function) error

	// Version reads a published version. Errors: ErrNoVersion.
	Version(number int64) (Version, error)
	// PutVersion adds or replaces one. Errors: ErrNotFound, ErrNoCode, ErrInvalid.
	PutVersion(v Version) error
	// DeleteVersion removes one, with the code that it names. Errors: ErrNoVersion.
	DeleteVersion(number int64) error

	// NameCode says what else a published version names beside its package, or the
	// function itself, which has the number 0, in place of what was said before: the
	// layers that it uses and, in an update, the package that answers. Errors:
	// ErrNotFound, ErrNoCode.
	NameCode(number int64, code []Digest) error

	// Alias reads an alias. Errors: ErrNoAlias.
	Alias(alias string) (Alias, error)
	// AliasesNaming lists the aliases that send events to a version, by name; at
	// most MaxPage.
	AliasesNaming(version int64) ([]Alias, error)
	// PutAlias adds or replaces one. Errors: ErrNotFound, ErrInvalid.
	PutAlias(a Alias) error
	// DeleteAlias removes one. Errors: ErrNoAlias.
	DeleteAlias(alias string) error

	// Attachment reads an attachment. Errors: ErrNoAttachment.
	Attachment(kind, qualifier string) (Attachment, error)
	// PutAttachment adds or replaces one. Errors: ErrNotFound, ErrInvalid.
	PutAttachment(a Attachment) error
	// DeleteAttachment removes one. Errors: ErrNoAttachment.
	DeleteAttachment(kind, qualifier string) error
}

// ChangeFunction implements Store.
func (s *SQLite) ChangeFunction(ctx context.Context, key FunctionKey, change func(FunctionTx) error) error {
	return s.write(ctx, func(c *conn) error {
		t := &functionTx{store: s, conn: c, key: key}
		err := contained("change of function "+key.String(), func() error { return change(t) })
		switch {
		case t.failed != nil:
			return t.failed
		case t.busy: // it was not change that panicked
			return err
		case err != nil:
			return refusal{err}
		}
		return nil
	})
}

// functionTx is the FunctionTx of SQLite.
type functionTx struct {
	store  *SQLite
	conn   *conn
	key    FunctionKey
	busy   bool  // between the beginning and the end of a method
	failed error // what the storage answered, but for refusals
}

// do runs a method.
func (t *functionTx) do(f func() error) error {
	if t.failed != nil {
		return t.failed
	}
	t.busy = true
	err := f()
	t.busy = false
	refused, failed := split(err)
	if t.failed = failed; failed != nil {
		return failed
	}
	return answered(refused)
}

// mine refuses what belongs to another function.
func (t *functionTx) mine(key FunctionKey) error {
	if key != t.key {
		return refuse("%w: %s in a transaction of function %s", ErrInvalid, key, t.key)
	}
	return nil
}

// put writes a part of the function, which must be there, unless check refuses it.
func (t *functionTx) put(key FunctionKey, check func() error, sql string, args ...any) error {
	return t.do(func() error {
		if err := t.mine(key); err != nil {
			return err
		}
		if err := check(); err != nil {
			return err
		}
		if _, err := t.conn.function(key); err != nil {
			return err
		}
		_, err := t.conn.exec(sql, args...)
		return err
	})
}

// remove deletes a part of the function; absent is the error if it is not there.
func (t *functionTx) remove(absent error, what, sql string, args ...any) error {
	return t.do(func() error {
		gone, err := t.conn.exec(sql, append([]any{t.key.Account, t.key.Region, t.key.Name}, args...)...)
		if err == nil && gone == 0 {
			return refuse("%w: %s:%s", absent, t.key, what)
		}
		return err
	})
}

func (t *functionTx) Function() (f Function, err error) {
	err = t.do(func() error { f, err = t.conn.function(t.key); return err })
	return f, err
}

func (t *functionTx) CreateFunction(f Function) error {
	return t.do(func() error {
		if err := t.mine(f.FunctionKey); err != nil {
			return err
		}
		return t.store.insert(t.conn, f)
	})
}

func (t *functionTx) UpdateFunction(f Function) error {
	return t.do(func() error {
		if err := t.mine(f.FunctionKey); err != nil {
			return err
		}
		before, err := t.conn.function(f.FunctionKey)
		if err != nil {
			return err
		}
		return t.store.replace(t.conn, before, f)
	})
}
