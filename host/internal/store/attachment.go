package store

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// Attachment is something that the service keeps for a function, or for one of its
// versions or aliases, beside it: a policy, for instance.
type Attachment struct {
	FunctionKey
	Kind      string // of the service's making: 1 to 140 bytes of UTF-8 without NUL
	Qualifier string // "" for the function itself, else the same
	Revision  string // as a Function's
	Content   []byte // at most MaxConfiguration bytes
}

// Check returns ErrInvalid if no store can keep a.
func (a Attachment) Check() error {
	if err := checkText("attachment's kind", a.Kind); err != nil {
		return err
	}
	if a.Qualifier != "" {
		if err := checkText("attachment's qualifier", a.Qualifier); err != nil {
			return err
		}
	}
	if n := len(a.Content); n > MaxConfiguration {
		return fmt.Errorf("%w: attachment's content has %d bytes, allowed are %d", ErrInvalid, n, MaxConfiguration)
	}
	return Function{FunctionKey: a.FunctionKey, Revision: a.Revision, State: StateActive}.Check()
}

const (
	attachmentColumns = `account, region, name, kind, qualifier, revision, content`

	putAttachment = `INSERT INTO function_attachment (` + attachmentColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (account, region, name, kind, qualifier) DO UPDATE SET revision = excluded.revision, content = excluded.content`
	deleteAttachment = `DELETE FROM function_attachment WHERE account = ?1 AND region = ?2 AND name = ?3 AND kind = ?4 AND qualifier = ?5`
	selectAttachment = `SELECT ` + attachmentColumns + ` FROM function_attachment WHERE account = ?1 AND region = ?2 AND name = ?3
		AND kind = ?4 AND qualifier = ?5`
	// Without a place to begin after there is the one of the function itself, too.
	listAttachments = `SELECT ` + attachmentColumns + ` FROM function_attachment WHERE account = ?1 AND region = ?2 AND name = ?3
		AND kind = ?4 AND (?5 = 0 OR qualifier > ?6) ORDER BY qualifier LIMIT ?7`
	listKind = `SELECT ` + attachmentColumns + ` FROM function_attachment WHERE account = ?1 AND region = ?2 AND kind = ?3
		AND (name, qualifier) > (?4, ?5) ORDER BY name, qualifier LIMIT ?6`
)

// attachments runs a query whose rows are attachmentColumns.
func (c *conn) attachments(sql string, args ...any) ([]Attachment, error) {
	return rows(c, sql, args, func(s *sqlite3.Stmt) (Attachment, error) {
		return Attachment{
			FunctionKey: FunctionKey{Account: s.ColumnText(0), Region: s.ColumnText(1), Name: s.ColumnText(2)},
			Kind:        s.ColumnText(3),
			Qualifier:   s.ColumnText(4),
			Revision:    s.ColumnText(5),
			Content:     s.ColumnBlob(6, nil),
		}, nil
	})
}

// attachment reads one; its absence is a refusal.
func (c *conn) attachment(key FunctionKey, kind, qualifier string) (Attachment, error) {
	found, err := c.attachments(selectAttachment, key.Account, key.Region, key.Name, kind, qualifier)
	return only(found, err, "%w: %s of %s:%s", ErrNoAttachment, kind, key, qualifier)
}

// Attachment implements Store.
func (s *SQLite) Attachment(ctx context.Context, key FunctionKey, kind, qualifier string) (Attachment, error) {
	return read(ctx, s, func(c *conn) (Attachment, error) { return c.attachment(key, kind, qualifier) })
}

// Attachments implements Store.
func (s *SQLite) Attachments(ctx context.Context, key FunctionKey, kind string, after *string, limit int) ([]Attachment, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	begun, place := int64(0), ""
	if after != nil {
		begun, place = 1, *after
	}
	return read(ctx, s, func(c *conn) ([]Attachment, error) {
		return c.attachments(listAttachments, key.Account, key.Region, key.Name, kind, begun, place, int64(limit))
	})
}

// AttachmentsOfKind implements Store.
func (s *SQLite) AttachmentsOfKind(ctx context.Context, after FunctionKey, qualifier, kind string, limit int) ([]Attachment, error) {
	if err := checkPage(limit, MaxPage); err != nil {
		return nil, err
	}
	return read(ctx, s, func(c *conn) ([]Attachment, error) {
		return c.attachments(listKind, after.Account, after.Region, kind, after.Name, qualifier, int64(limit))
	})
}
