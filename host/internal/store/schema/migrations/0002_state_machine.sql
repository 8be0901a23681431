-- State machines: one row each, for what AWS calls the latest revision.
CREATE TABLE state_machine (
	account       {text}  NOT NULL,
	region        {text}  NOT NULL,
	name          {text}  NOT NULL,
	revision      {text}  NOT NULL,
	type          {text}  NOT NULL, -- STANDARD, EXPRESS
	created       {int}   NOT NULL, -- microseconds since 1970, UTC
	updated       {int}   NOT NULL, -- the same
	definition    {bytes} NOT NULL,
	configuration {bytes} NOT NULL, -- role, logging, tracing, tags
	PRIMARY KEY (account, region, name)
) {strict};
