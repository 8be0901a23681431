-- Access keys: who signs with one acts for its account, or for a role of it.
CREATE TABLE access_key (
	id      {text}  NOT NULL PRIMARY KEY,
	account {text}  NOT NULL,
	role    {text}  NOT NULL, -- its name; empty: the account itself
	created {int}   NOT NULL, -- microseconds since 1970, UTC
	secret  {bytes} NOT NULL  -- encrypted
) {strict};

-- Roles and policies of accounts.
CREATE TABLE identity (
	account       {text}  NOT NULL,
	kind          {text}  NOT NULL, -- role, policy
	name          {text}  NOT NULL,
	created       {int}   NOT NULL, -- microseconds since 1970, UTC
	configuration {bytes} NOT NULL, -- documents, attachments, tags
	PRIMARY KEY (account, kind, name)
) {strict};
