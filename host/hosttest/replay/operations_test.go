package replay

// request says where the parameters of an operation go.
type request struct {
	method, path string            // {Name} is a parameter
	query        []string          // those in the query string
	header       map[string]string // parameter → field
	payload      bool              // the body is Payload, else what is left, as JSON
}

const (
	functions   = "/2015-03-31/functions"
	function    = functions + "/{FunctionName}"
	mappings    = "/2015-03-31/event-source-mappings"
	aliases     = function + "/aliases"
	policy      = function + "/policy"
	tags        = "/2017-03-31/tags/{Resource}"
	asyncConfig = "/2019-09-25/functions/{FunctionName}/event-invoke-config"
	provisioned = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency"
	recursion   = "/2024-08-31/functions/{FunctionName}/recursion-config"
	layers      = "/2018-10-31/layers/{LayerName}/versions"
	layer       = layers + "/{VersionNumber}"
	urlConfig   = "/2021-10-31/functions/{FunctionName}/url"
)

var (
	qualified = []string{"Qualifier"}
	paged     = []string{"Marker", "MaxItems"}
)

var requests = map[string]request{
	"AddLayerVersionPermission":          {method: "POST", path: layer + "/policy", query: []string{"RevisionId"}},
	"AddPermission":                      {method: "POST", path: policy, query: qualified},
	"CreateAlias":                        {method: "POST", path: aliases},
	"CreateEventSourceMapping":           {method: "POST", path: mappings},
	"CreateFunction":                     {method: "POST", path: functions},
	"CreateFunctionUrlConfig":            {method: "POST", path: urlConfig, query: qualified},
	"DeleteAlias":                        {method: "DELETE", path: aliases + "/{Name}"},
	"DeleteEventSourceMapping":           {method: "DELETE", path: mappings + "/{UUID}"},
	"DeleteFunction":                     {method: "DELETE", path: function, query: qualified},
	"DeleteFunctionConcurrency":          {method: "DELETE", path: "/2017-10-31/functions/{FunctionName}/concurrency"},
	"DeleteFunctionEventInvokeConfig":    {method: "DELETE", path: asyncConfig, query: qualified},
	"DeleteFunctionUrlConfig":            {method: "DELETE", path: urlConfig, query: qualified},
	"DeleteLayerVersion":                 {method: "DELETE", path: layer},
	"DeleteProvisionedConcurrencyConfig": {method: "DELETE", path: provisioned, query: qualified},
	"GetAccountSettings":                 {method: "GET", path: "/2016-08-19/account-settings"},
	"GetAlias":                           {method: "GET", path: aliases + "/{Name}"},
	"GetEventSourceMapping":              {method: "GET", path: mappings + "/{UUID}"},
	"GetFunction":                        {method: "GET", path: function, query: qualified},
	"GetFunctionCodeSigningConfig":       {method: "GET", path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
	"GetFunctionConcurrency":             {method: "GET", path: "/2019-09-30/functions/{FunctionName}/concurrency"},
	"GetFunctionConfiguration":           {method: "GET", path: function + "/configuration", query: qualified},
	"GetFunctionEventInvokeConfig":       {method: "GET", path: asyncConfig, query: qualified},
	"GetFunctionRecursionConfig":         {method: "GET", path: recursion},
	"GetFunctionUrlConfig":               {method: "GET", path: urlConfig, query: qualified},
	"GetLayerVersion":                    {method: "GET", path: layer},
	"GetLayerVersionByArn":               {method: "GET", path: "/2018-10-31/layers?find=LayerVersion", query: []string{"Arn"}},
	"GetLayerVersionPolicy":              {method: "GET", path: layer + "/policy"},
	"GetPolicy":                          {method: "GET", path: policy, query: qualified},
	"GetProvisionedConcurrencyConfig":    {method: "GET", path: provisioned, query: qualified},
	"Invoke": {method: "POST", path: function + "/invocations", query: qualified, payload: true, header: map[string]string{
		"InvocationType": "X-Amz-Invocation-Type", "LogType": "X-Amz-Log-Type",
	}},
	"ListAliases":                       {method: "GET", path: aliases, query: []string{"FunctionVersion", "Marker", "MaxItems"}},
	"ListEventSourceMappings":           {method: "GET", path: mappings, query: []string{"EventSourceArn", "FunctionName", "Marker", "MaxItems"}},
	"ListFunctionEventInvokeConfigs":    {method: "GET", path: asyncConfig + "/list", query: paged},
	"ListLayerVersions":                 {method: "GET", path: layers, query: paged},
	"ListProvisionedConcurrencyConfigs": {method: "GET", path: provisioned + "?List=ALL", query: paged},
	"ListTags":                          {method: "GET", path: tags},
	"ListVersionsByFunction":            {method: "GET", path: function + "/versions", query: paged},
	"PublishLayerVersion":               {method: "POST", path: layers},
	"PublishVersion":                    {method: "POST", path: function + "/versions"},
	"PutFunctionConcurrency":            {method: "PUT", path: "/2017-10-31/functions/{FunctionName}/concurrency"},
	"PutFunctionEventInvokeConfig":      {method: "PUT", path: asyncConfig, query: qualified},
	"PutFunctionRecursionConfig":        {method: "PUT", path: recursion},
	"PutProvisionedConcurrencyConfig":   {method: "PUT", path: provisioned, query: qualified},
	"RemoveLayerVersionPermission":      {method: "DELETE", path: layer + "/policy/{StatementId}", query: []string{"RevisionId"}},
	"RemovePermission":                  {method: "DELETE", path: policy + "/{StatementId}", query: []string{"Qualifier", "RevisionId"}},
	"TagResource":                       {method: "POST", path: tags},
	"UntagResource":                     {method: "DELETE", path: tags, query: []string{"tagKeys"}},
	"UpdateAlias":                       {method: "PUT", path: aliases + "/{Name}"},
	"UpdateEventSourceMapping":          {method: "PUT", path: mappings + "/{UUID}"},
	"UpdateFunctionCode":                {method: "PUT", path: function + "/code"},
	"UpdateFunctionConfiguration":       {method: "PUT", path: function + "/configuration"},
	"UpdateFunctionEventInvokeConfig":   {method: "POST", path: asyncConfig, query: qualified},
}
