-- Functions: one row each, for what AWS calls $LATEST.
CREATE TABLE function (
	account            {text}  NOT NULL,
	region             {text}  NOT NULL,
	name               {text}  NOT NULL,
	revision           {text}  NOT NULL,
	state              {text}  NOT NULL,
	last_update_status {text}  NOT NULL,
	code               {bytes} NOT NULL, -- sha256 of the code package
	modified           {int}   NOT NULL, -- microseconds since 1970, UTC
	configuration      {bytes} NOT NULL,
	PRIMARY KEY (account, region, name)
) {strict};

CREATE INDEX function_code ON function (code);

-- What has to be taken up again at start: few rows, however many functions.
CREATE INDEX function_unsettled ON function (account, region, name)
	WHERE state = 'Pending' OR last_update_status = 'InProgress';
