-- Layers: what number the last version of each was given, so that none is given
-- again.
CREATE TABLE layer (
	account {text} NOT NULL,
	region  {text} NOT NULL,
	name    {text} NOT NULL,
	last    {int}  NOT NULL,
	PRIMARY KEY (account, region, name)
) {strict};

-- Versions of layers: one row each, until it is deleted. Only the policy changes.
CREATE TABLE layer_version (
	account       {text}  NOT NULL,
	region        {text}  NOT NULL,
	name          {text}  NOT NULL,
	version       {int}   NOT NULL, -- 1, 2, 3 …
	code          {bytes} NOT NULL, -- sha256 of the zip file
	runtimes      {text}  NOT NULL, -- ',python3.12,ruby3.3,': a comma before and after each
	architectures {text}  NOT NULL, -- the same
	configuration {bytes} NOT NULL,
	policy        {bytes} NOT NULL, -- empty: there is none
	revision      {text}  NOT NULL, -- of the policy
	PRIMARY KEY (account, region, name, version),
	FOREIGN KEY (account, region, name) REFERENCES layer (account, region, name)
) {strict};

CREATE INDEX layer_version_code ON layer_version (code);

-- What a function or a version of it names beside its package: the layers that it
-- uses, also after they were deleted, and while an update is in progress the package
-- that answers.
CREATE TABLE function_layer (
	account {text}  NOT NULL,
	region  {text}  NOT NULL,
	name    {text}  NOT NULL,
	version {int}   NOT NULL, -- 0 is the function itself
	code    {bytes} NOT NULL, -- sha256 of the zip file
	PRIMARY KEY (account, region, name, version, code),
	FOREIGN KEY (account, region, name) REFERENCES function (account, region, name) ON DELETE CASCADE
) {strict};

CREATE INDEX function_layer_code ON function_layer (code);
