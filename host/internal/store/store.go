package store

import (
	"context"
	"errors"
)

// Errors of a Store. They come wrapped, with what was seen.
var (
	// ErrExists: a function of that key is there already.
	ErrExists = errors.New("function exists already")
	// ErrNotFound: there is no function of that key.
	ErrNotFound = errors.New("no such function")
	// ErrNoVersion: the function has no version of that number.
	ErrNoVersion = errors.New("no such version")
	// ErrNoAlias: the function has no alias of that name.
	ErrNoAlias = errors.New("no such alias")
	// ErrNoAttachment: the function has no attachment of that kind and qualifier.
	ErrNoAttachment = errors.New("no such attachment")
	// ErrNoLayer: there is no layer of that key, or no version of that number of it.
	ErrNoLayer = errors.New("no such version of a layer")
	// ErrMappingExists: there is an event source mapping of that key already.
	ErrMappingExists = errors.New("event source mapping exists already")
	// ErrNoMapping: there is no event source mapping of that key.
	ErrNoMapping = errors.New("no such event source mapping")
	// ErrMachineExists: a state machine of that key is there already.
	ErrMachineExists = errors.New("state machine exists already")
	// ErrNoMachine: there is no state machine of that key.
	ErrNoMachine = errors.New("no such state machine")
	// ErrNoCode: there is no code of that digest.
	ErrNoCode = errors.New("no such code")
	// ErrInvalid: an argument is outside what its documentation allows.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable: storage failed (disk full, I/O error, corrupt page). Nothing
	// acknowledged is lost, and the same call may succeed later. A change that
	// failed so is in doubt: it may be found to have happened, whole.
	ErrUnavailable = errors.New("store unavailable")
	// ErrLocked: another process, or another Store of this one, uses the directory.
	ErrLocked = errors.New("data directory in use")
	// ErrNewer: the database was written by a newer version of this program.
	ErrNewer = errors.New("database is newer than this program")
	// ErrClosed: the store has been closed.
	ErrClosed = errors.New("store closed")
)

// Limits of a Store.
const (
	// MaxPage is the most functions, or parts of one, that a listing returns.
	MaxPage = 200
	// MaxCode is the size of the largest code package, in bytes.
	MaxCode = 256 << 20
)

// A Store keeps functions, their code, layers, event source mappings, state machines,
// access keys, roles and policies. It is safe for concurrent use.
//
// A context that ends before a change has been taken up removes it; later, the
// answer is what happened. Every method may return ErrUnavailable or ErrClosed.
type Store interface {
	Identities
	Layers

	// CreateFunction adds f. The code it names must be there.
	// Errors: ErrExists, ErrNoCode, ErrInvalid.
	CreateFunction(ctx context.Context, f Function) error

	// Function returns one function. Errors: ErrNotFound.
	Function(ctx context.Context, key FunctionKey) (Function, error)

	// UpdateFunction reads a function, lets change alter it and writes it back, in
	// one transaction, and returns what was written. If change returns an error,
	// nothing is written and that error is returned; a panic in it becomes an error.
	//
	// change must alter nothing but its argument, be quick and not call the Store:
	// other writes wait for it, and it may run more than once. It may not alter the
	// key. Errors: ErrNotFound, ErrNoCode, ErrInvalid.
	UpdateFunction(ctx context.Context, key FunctionKey, change func(*Function) error) (Function, error)

	// DeleteFunction removes a function with all that belongs to it if check, called
	// with it in the same transaction, returns nil; otherwise that error is returned.
	// For check goes what is said of change; nil allows every removal. Errors:
	// ErrNotFound.
	DeleteFunction(ctx context.Context, key FunctionKey, check func(Function) error) error

	// Functions lists the functions of after's account and region whose names follow
	// after.Name, in the byte order of names; at most limit, which is 1 to MaxPage.
	// Errors: ErrInvalid.
	Functions(ctx context.Context, after FunctionKey, limit int) ([]Function, error)

	// Unsettled lists, over all accounts and regions, functions with unfinished work
	// (State Pending, or LastUpdateStatus InProgress) whose keys follow after, in key
	// order; at most limit, which is 1 to MaxPage. Errors: ErrInvalid.
	Unsettled(ctx context.Context, after FunctionKey, limit int) ([]Function, error)

	// ChangeFunction runs change in one transaction with all that belongs to a
	// function, which need not be there yet. If change returns an error, nothing is
	// written and that error is returned; a panic in it becomes an error. change must
	// not use the FunctionTx after it has returned; else for it goes what is said of
	// UpdateFunction's.
	ChangeFunction(ctx context.Context, key FunctionKey, change func(FunctionTx) error) error

	// Version returns one published version. Errors: ErrNoVersion.
	Version(ctx context.Context, key FunctionKey, number int64) (Version, error)

	// Versions lists the versions of a function with higher numbers than after, in
	// order; at most limit, which is 1 to MaxPage. Errors: ErrInvalid.
	Versions(ctx context.Context, key FunctionKey, after int64, limit int) ([]Version, error)

	// Alias returns one alias. Errors: ErrNoAlias.
	Alias(ctx context.Context, key FunctionKey, alias string) (Alias, error)

	// Aliases lists the aliases of a function that point to a version, or to
	// AnyVersion, and whose names follow after, in the byte order of names; at most
	// limit, which is 1 to MaxPage. Errors: ErrInvalid.
	Aliases(ctx context.Context, key FunctionKey, after string, version int64, limit int) ([]Alias, error)

	// Attachment returns one attachment. Errors: ErrNoAttachment.
	Attachment(ctx context.Context, key FunctionKey, kind, qualifier string) (Attachment, error)

	// Attachments lists a function's attachments of one kind whose qualifiers follow
	// after, or all if that is nil, in the byte order of qualifiers; at most limit,
	// which is 1 to MaxPage. Errors: ErrInvalid.
	Attachments(ctx context.Context, key FunctionKey, kind string, after *string, limit int) ([]Attachment, error)

	// AttachmentsOfKind lists the attachments of one kind of after's account and
	// region, of all functions: those whose name and qualifier follow after's, in
	// their order; at most limit, which is 1 to MaxPage. Errors: ErrInvalid.
	AttachmentsOfKind(ctx context.Context, after FunctionKey, qualifier, kind string, limit int) ([]Attachment, error)

	// CreateMapping adds m. Errors: ErrMappingExists, ErrInvalid.
	CreateMapping(ctx context.Context, m Mapping) error

	// Mapping returns one event source mapping. Errors: ErrNoMapping.
	Mapping(ctx context.Context, key MappingKey) (Mapping, error)

	// UpdateMapping is to event source mappings what UpdateFunction is to functions.
	// Errors: ErrNoMapping, ErrInvalid.
	UpdateMapping(ctx context.Context, key MappingKey, change func(*Mapping) error) (Mapping, error)

	// DeleteMapping removes an event source mapping. Errors: ErrNoMapping.
	DeleteMapping(ctx context.Context, key MappingKey) error

	// Mappings lists the event source mappings of after's account and region whose
	// UUIDs follow after.UUID, in their order: those of a function and of a source,
	// each unless it is empty; at most limit, which is 1 to MaxPage. Errors:
	// ErrInvalid.
	Mappings(ctx context.Context, after MappingKey, function, source string, limit int) ([]Mapping, error)

	// CreateMachine adds m. Errors: ErrMachineExists, ErrInvalid.
	CreateMachine(ctx context.Context, m Machine) error

	// Machine returns one state machine. Errors: ErrNoMachine.
	Machine(ctx context.Context, key MachineKey) (Machine, error)

	// UpdateMachine is to state machines what UpdateFunction is to functions.
	// Errors: ErrNoMachine, ErrInvalid.
	UpdateMachine(ctx context.Context, key MachineKey, change func(*Machine) error) (Machine, error)

	// DeleteMachine removes a state machine. Errors: ErrNoMachine.
	DeleteMachine(ctx context.Context, key MachineKey) error

	// Machines lists the state machines of after's account and region whose names
	// follow after.Name, in the byte order of names, without their definitions; at
	// most limit, which is 1 to MaxMachinePage. Errors: ErrInvalid.
	Machines(ctx context.Context, after MachineKey, limit int) ([]Machine, error)

	// PutCode keeps code, at most MaxCode bytes, and returns its digest. Code that no
	// function, version or layer names can be swept once SweepGrace has passed since it was last put.
	// Errors: ErrInvalid.
	PutCode(ctx context.Context, code []byte) (Digest, error)

	// Code returns the code of that digest, checked against it; the caller owns the
	// bytes. Errors: ErrNoCode; damaged code is ErrUnavailable, and putting it again
	// mends it.
	Code(ctx context.Context, digest Digest) ([]byte, error)

	// Sweep removes code that no function, version or layer names and that was last put longer than
	// SweepGrace ago. It returns how many packages it removed.
	Sweep(ctx context.Context) (removed int, err error)

	// Close waits for calls in flight and releases everything. Later calls get
	// ErrClosed; closing again is harmless.
	Close() error
}
