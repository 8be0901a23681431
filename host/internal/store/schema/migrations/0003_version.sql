-- What belongs to a function and goes with it.

-- Published versions: one row each. Code and configuration never change.
CREATE TABLE function_version (
	account       {text}  NOT NULL,
	region        {text}  NOT NULL,
	name          {text}  NOT NULL,
	version       {int}   NOT NULL, -- 1, 2, 3 …
	revision      {text}  NOT NULL,
	state         {text}  NOT NULL,
	code          {bytes} NOT NULL, -- sha256 of the code package
	modified      {int}   NOT NULL, -- microseconds since 1970, UTC
	configuration {bytes} NOT NULL,
	PRIMARY KEY (account, region, name, version),
	FOREIGN KEY (account, region, name) REFERENCES function (account, region, name) ON DELETE CASCADE
) {strict};

CREATE INDEX function_version_code ON function_version (code);

CREATE TABLE function_alias (
	account       {text}  NOT NULL,
	region        {text}  NOT NULL,
	name          {text}  NOT NULL,
	alias         {text}  NOT NULL,
	version       {int}   NOT NULL, -- 0 is $LATEST
	additional    {int}   NOT NULL, -- the version that gets a part of the events, 0 if none does
	revision      {text}  NOT NULL,
	configuration {bytes} NOT NULL, -- description, weight
	PRIMARY KEY (account, region, name, alias),
	FOREIGN KEY (account, region, name) REFERENCES function (account, region, name) ON DELETE CASCADE
) {strict};

-- What is kept for a function, or for one of its versions or aliases, beside it:
-- its policy, for instance.
CREATE TABLE function_attachment (
	account   {text}  NOT NULL,
	region    {text}  NOT NULL,
	name      {text}  NOT NULL,
	kind      {text}  NOT NULL,
	qualifier {text}  NOT NULL, -- '' is the function itself
	revision  {text}  NOT NULL,
	content   {bytes} NOT NULL,
	PRIMARY KEY (account, region, name, kind, qualifier),
	FOREIGN KEY (account, region, name) REFERENCES function (account, region, name) ON DELETE CASCADE
) {strict};
