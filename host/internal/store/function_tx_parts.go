package store

import "strconv"

func (t *functionTx) Version(number int64) (v Version, err error) {
	err = t.do(func() error { v, err = t.conn.version(t.key, number); return err })
	return v, err
}

func (t *functionTx) PutVersion(v Version) error {
	check := func() error {
		if err := refusing(v.Check()); err != nil {
			return err
		}
		return t.store.mustHave(v.Code)
	}
	return t.put(v.FunctionKey, check, putVersion, v.Account, v.Region, v.Name, v.Number, v.Revision, string(v.State), v.Code[:],
		v.Modified.UnixMicro(), notNull(v.Configuration))
}

func (t *functionTx) NameCode(number int64, code []Digest) error {
	return t.do(func() error {
		if _, err := t.conn.function(t.key); err != nil {
			return err
		}
		for _, digest := range code {
			if err := t.store.mustHave(digest); err != nil {
				return err
			}
		}
		if _, err := t.conn.exec(deleteUses, t.key.Account, t.key.Region, t.key.Name, number); err != nil {
			return err
		}
		for _, digest := range code {
			if _, err := t.conn.exec(insertUse, t.key.Account, t.key.Region, t.key.Name, number, digest[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *functionTx) DeleteVersion(number int64) error {
	if err := t.do(func() error {
		_, err := t.conn.exec(deleteUses, t.key.Account, t.key.Region, t.key.Name, number)
		return err
	}); err != nil {
		return err
	}
	return t.remove(ErrNoVersion, strconv.FormatInt(number, 10), deleteVersion, number)
}

func (t *functionTx) Alias(alias string) (a Alias, err error) {
	err = t.do(func() error { a, err = t.conn.alias(t.key, alias); return err })
	return a, err
}

func (t *functionTx) AliasesNaming(version int64) (all []Alias, err error) {
	err = t.do(func() error {
		all, err = t.conn.aliases(listNaming, t.key.Account, t.key.Region, t.key.Name, version, int64(MaxPage))
		return err
	})
	return all, err
}

func (t *functionTx) PutAlias(a Alias) error {
	check := func() error { return refusing(a.Check()) }
	return t.put(a.FunctionKey, check, putAlias, a.Account, a.Region, a.Name, a.Alias, a.Version, a.Additional, a.Revision,
		notNull(a.Configuration))
}

func (t *functionTx) DeleteAlias(alias string) error {
	return t.remove(ErrNoAlias, alias, deleteAlias, alias)
}

func (t *functionTx) Attachment(kind, qualifier string) (a Attachment, err error) {
	err = t.do(func() error { a, err = t.conn.attachment(t.key, kind, qualifier); return err })
	return a, err
}

func (t *functionTx) PutAttachment(a Attachment) error {
	check := func() error { return refusing(a.Check()) }
	return t.put(a.FunctionKey, check, putAttachment, a.Account, a.Region, a.Name, a.Kind, a.Qualifier, a.Revision, notNull(a.Content))
}

func (t *functionTx) DeleteAttachment(kind, qualifier string) error {
	return t.remove(ErrNoAttachment, qualifier+" "+kind, deleteAttachment, kind, qualifier)
}
