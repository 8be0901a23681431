-- Event source mappings: they belong to an account, and outlive their functions.
CREATE TABLE event_source_mapping (
	account       {text}  NOT NULL,
	region        {text}  NOT NULL,
	uuid          {text}  NOT NULL,
	function      {text}  NOT NULL, -- its name
	source        {text}  NOT NULL, -- the event source's ARN, '' if it has none
	revision      {text}  NOT NULL,
	configuration {bytes} NOT NULL,
	PRIMARY KEY (account, region, uuid)
) {strict};

CREATE INDEX event_source_mapping_function ON event_source_mapping (account, region, function);

-- Attachments of one kind over all functions, such as reserved concurrency.
CREATE INDEX function_attachment_kind ON function_attachment (account, region, kind, name, qualifier);
