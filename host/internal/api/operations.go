package api

import (
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// Operation is something that a request can ask for.
type Operation struct {
	// Name is AWS's: "CreateFunction". Lambent's own begin with a lower-case
	// letter.
	Name string

	method, path string
	maxBody      int                  // bytes; 0 means maxOther
	query        string               // a parameter that tells it from others of its path
	serve        func(*call) Response // nil: Lambent lacks it

	open bool // to requests that are not signed
	asks bool // by itself whether the caller may: its body says what it is about
	form bool // the form's Action says which operation it is; see forms

	// Of operations that a header names, and not the path:
	target   bool
	states   func(*statesCall) (fields, error) // nil: Lambent lacks it
	required []string                          // members that may not be left out
}

// Limits of request bodies, in bytes.
const (
	// maxOther holds for operations that carry neither code nor an event.
	maxOther = 256 << 10
	// maxCode is a zip file of 50 MiB in base64 and 256 KiB of other fields, as
	// on AWS Lambda.
	maxCode = 70167211
)

// Served reports whether Lambent has the operation. A request for one that it
// lacks needs no body.
func (o *Operation) Served() bool { return o.serve != nil }

// MaxBody is the most bytes of a request's body.
func (o *Operation) MaxBody() int {
	if o.maxBody == 0 {
		return maxOther
	}
	return o.maxBody
}

// Holds is how many bytes answering a request may hold beside its body of n
// bytes, and before its response is there.
func (o *Operation) Holds(n int) int {
	switch {
	case o.maxBody == maxCode:
		return n / 4 * 3 // the zip file in it
	case o.Name == "code":
		return sandbox.DefaultZipped
	}
	return 0
}

// TooLarge is the error of a body of n bytes, which are more than MaxBody.
func (o *Operation) TooLarge(n int) *fault.Error {
	switch o.maxBody {
	case sandbox.DefaultEvent:
		return fault.New(fault.RequestTooLarge, "%d byte payload is too large for the RequestResponse invocation type (limit %d bytes)", n, sandbox.DefaultEvent)
	default:
		return fault.New(fault.RequestEntityTooLarge, "Request must be smaller than %d bytes for the %s operation", o.MaxBody(), o.Name)
	}
}

// own are the operations that AWS Lambda does not have. Their paths have no
// version, so that they cannot meet one of AWS's.
var own = []Operation{
	{Name: "invoke", method: "POST", path: "/functions/{FunctionName}", maxBody: sandbox.DefaultEvent, serve: (*call).invokePlainly},
	{Name: "code", method: "GET", path: "/code/{Digest}", open: true, serve: (*call).code},
	{Name: "createKey", method: "POST", path: "/keys", serve: (*call).createKey},
	{Name: "listKeys", method: "GET", path: "/keys", serve: (*call).listKeys},
	{Name: "deleteKey", method: "DELETE", path: "/keys/{AccessKeyId}", serve: (*call).deleteKey},
}

// lambda are the operations of AWS Lambda: all of them, so that asking for one
// that is lacking is answered with its name.
var lambda = []Operation{
	{Name: "AddLayerVersionPermission", method: "POST", path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy", serve: (*call).addLayerVersionPermission},
	{Name: "AddPermission", method: "POST", path: "/2015-03-31/functions/{FunctionName}/policy", serve: (*call).addPermission},
	{Name: "CheckpointDurableExecution", method: "POST", path: "/2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint"},
	{Name: "CreateAlias", method: "POST", path: "/2015-03-31/functions/{FunctionName}/aliases", serve: (*call).createAlias},
	{Name: "CreateCapacityProvider", method: "POST", path: "/2025-11-30/capacity-providers"},
	{Name: "CreateCodeSigningConfig", method: "POST", path: "/2020-04-22/code-signing-configs"},
	{Name: "CreateEventSourceMapping", method: "POST", path: "/2015-03-31/event-source-mappings", serve: (*call).createEventSourceMapping},
	{Name: "CreateFunction", method: "POST", path: "/2015-03-31/functions", maxBody: maxCode, asks: true, serve: (*call).createFunction},
	{Name: "CreateFunctionUrlConfig", method: "POST", path: "/2021-10-31/functions/{FunctionName}/url", serve: (*call).createFunctionUrlConfig},
	{Name: "DeleteAlias", method: "DELETE", path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}", serve: (*call).deleteAlias},
	{Name: "DeleteCapacityProvider", method: "DELETE", path: "/2025-11-30/capacity-providers/{CapacityProviderName}"},
	{Name: "DeleteCodeSigningConfig", method: "DELETE", path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}"},
	{Name: "DeleteEventSourceMapping", method: "DELETE", path: "/2015-03-31/event-source-mappings/{UUID}", serve: (*call).deleteEventSourceMapping},
	{Name: "DeleteFunction", method: "DELETE", path: "/2015-03-31/functions/{FunctionName}", serve: (*call).deleteFunction},
	{Name: "DeleteFunctionCodeSigningConfig", method: "DELETE", path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
	{Name: "DeleteFunctionConcurrency", method: "DELETE", path: "/2017-10-31/functions/{FunctionName}/concurrency", serve: (*call).deleteFunctionConcurrency},
	{Name: "DeleteFunctionEventInvokeConfig", method: "DELETE", path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", serve: (*call).deleteFunctionEventInvokeConfig},
	{Name: "DeleteFunctionUrlConfig", method: "DELETE", path: "/2021-10-31/functions/{FunctionName}/url", serve: (*call).deleteFunctionUrlConfig},
	{Name: "DeleteLayerVersion", method: "DELETE", path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", serve: (*call).deleteLayerVersion},
	{Name: "DeleteProvisionedConcurrencyConfig", method: "DELETE", path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", serve: (*call).deleteProvisionedConcurrencyConfig},
	{Name: "GetAccountSettings", method: "GET", path: "/2016-08-19/account-settings", serve: (*call).getAccountSettings},
	{Name: "GetAlias", method: "GET", path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}", serve: (*call).getAlias},
	{Name: "GetCapacityProvider", method: "GET", path: "/2025-11-30/capacity-providers/{CapacityProviderName}"},
	{Name: "GetCodeSigningConfig", method: "GET", path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}"},
	{Name: "GetDurableExecution", method: "GET", path: "/2025-12-01/durable-executions/{DurableExecutionArn}"},
	{Name: "GetDurableExecutionHistory", method: "GET", path: "/2025-12-01/durable-executions/{DurableExecutionArn}/history"},
	{Name: "GetDurableExecutionState", method: "GET", path: "/2025-12-01/durable-executions/{DurableExecutionArn}/state"},
	{Name: "GetEventSourceMapping", method: "GET", path: "/2015-03-31/event-source-mappings/{UUID}", serve: (*call).getEventSourceMapping},
	{Name: "GetFunction", method: "GET", path: "/2015-03-31/functions/{FunctionName}", serve: (*call).getFunction},
	{Name: "GetFunctionCodeSigningConfig", method: "GET", path: "/2020-06-30/functions/{FunctionName}/code-signing-config", serve: (*call).getFunctionCodeSigningConfig},
	{Name: "GetFunctionConcurrency", method: "GET", path: "/2019-09-30/functions/{FunctionName}/concurrency", serve: (*call).getFunctionConcurrency},
	{Name: "GetFunctionConfiguration", method: "GET", path: "/2015-03-31/functions/{FunctionName}/configuration", serve: (*call).getFunctionConfiguration},
	{Name: "GetFunctionEventInvokeConfig", method: "GET", path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", serve: (*call).getFunctionEventInvokeConfig},
	{Name: "GetFunctionRecursionConfig", method: "GET", path: "/2024-08-31/functions/{FunctionName}/recursion-config", serve: (*call).getFunctionRecursionConfig},
	{Name: "GetFunctionScalingConfig", method: "GET", path: "/2025-11-30/functions/{FunctionName}/function-scaling-config"},
	{Name: "GetFunctionUrlConfig", method: "GET", path: "/2021-10-31/functions/{FunctionName}/url", serve: (*call).getFunctionUrlConfig},
	{Name: "GetLayerVersion", method: "GET", path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", serve: (*call).getLayerVersion},
	{Name: "GetLayerVersionByArn", method: "GET", path: "/2018-10-31/layers", query: "find=LayerVersion", serve: (*call).getLayerVersionByARN},
	{Name: "GetLayerVersionPolicy", method: "GET", path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy", serve: (*call).getLayerVersionPolicy},
	{Name: "GetPolicy", method: "GET", path: "/2015-03-31/functions/{FunctionName}/policy", serve: (*call).getPolicy},
	{Name: "GetProvisionedConcurrencyConfig", method: "GET", path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", serve: (*call).getProvisionedConcurrencyConfig},
	{Name: "GetRuntimeManagementConfig", method: "GET", path: "/2021-07-20/functions/{FunctionName}/runtime-management-config", serve: (*call).getRuntimeManagementConfig},
	{Name: "Invoke", method: "POST", path: "/2015-03-31/functions/{FunctionName}/invocations", maxBody: sandbox.DefaultEvent, serve: (*call).invoke},
	{Name: "InvokeAsync", method: "POST", path: "/2014-11-13/functions/{FunctionName}/invoke-async", serve: (*call).invokeAsync},
	{Name: "InvokeWithResponseStream", method: "POST", path: "/2021-11-15/functions/{FunctionName}/response-streaming-invocations", maxBody: sandbox.DefaultEvent, serve: (*call).invokeWithResponseStream},
	{Name: "ListAliases", method: "GET", path: "/2015-03-31/functions/{FunctionName}/aliases", serve: (*call).listAliases},
	{Name: "ListCapacityProviders", method: "GET", path: "/2025-11-30/capacity-providers"},
	{Name: "ListCodeSigningConfigs", method: "GET", path: "/2020-04-22/code-signing-configs"},
	{Name: "ListDurableExecutionsByFunction", method: "GET", path: "/2025-12-01/functions/{FunctionName}/durable-executions"},
	{Name: "ListEventSourceMappings", method: "GET", path: "/2015-03-31/event-source-mappings", serve: (*call).listEventSourceMappings},
	{Name: "ListFunctionEventInvokeConfigs", method: "GET", path: "/2019-09-25/functions/{FunctionName}/event-invoke-config/list", serve: (*call).listFunctionEventInvokeConfigs},
	{Name: "ListFunctionUrlConfigs", method: "GET", path: "/2021-10-31/functions/{FunctionName}/urls", serve: (*call).listFunctionUrlConfigs},
	{Name: "ListFunctionVersionsByCapacityProvider", method: "GET", path: "/2025-11-30/capacity-providers/{CapacityProviderName}/function-versions"},
	{Name: "ListFunctions", method: "GET", path: "/2015-03-31/functions", serve: (*call).listFunctions},
	{Name: "ListFunctionsByCodeSigningConfig", method: "GET", path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions"},
	{Name: "ListLayerVersions", method: "GET", path: "/2018-10-31/layers/{LayerName}/versions", serve: (*call).listLayerVersions},
	{Name: "ListLayers", method: "GET", path: "/2018-10-31/layers", serve: (*call).listLayers},
	{Name: "ListProvisionedConcurrencyConfigs", method: "GET", path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", query: "List=ALL", serve: (*call).listProvisionedConcurrencyConfigs},
	{Name: "ListTags", method: "GET", path: "/2017-03-31/tags/{Resource}", serve: (*call).listTags},
	{Name: "ListVersionsByFunction", method: "GET", path: "/2015-03-31/functions/{FunctionName}/versions", serve: (*call).listVersionsByFunction},
	{Name: "PublishLayerVersion", method: "POST", path: "/2018-10-31/layers/{LayerName}/versions", maxBody: maxCode, serve: (*call).publishLayerVersion},
	{Name: "PublishVersion", method: "POST", path: "/2015-03-31/functions/{FunctionName}/versions", serve: (*call).publishVersion},
	{Name: "PutFunctionCodeSigningConfig", method: "PUT", path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
	{Name: "PutFunctionConcurrency", method: "PUT", path: "/2017-10-31/functions/{FunctionName}/concurrency", serve: (*call).putFunctionConcurrency},
	{Name: "PutFunctionEventInvokeConfig", method: "PUT", path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", serve: (*call).putFunctionEventInvokeConfig},
	{Name: "PutFunctionRecursionConfig", method: "PUT", path: "/2024-08-31/functions/{FunctionName}/recursion-config", serve: (*call).putFunctionRecursionConfig},
	{Name: "PutFunctionScalingConfig", method: "PUT", path: "/2025-11-30/functions/{FunctionName}/function-scaling-config"},
	{Name: "PutProvisionedConcurrencyConfig", method: "PUT", path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", serve: (*call).putProvisionedConcurrencyConfig},
	{Name: "PutRuntimeManagementConfig", method: "PUT", path: "/2021-07-20/functions/{FunctionName}/runtime-management-config", serve: (*call).putRuntimeManagementConfig},
	{Name: "RemoveLayerVersionPermission", method: "DELETE", path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}", serve: (*call).removeLayerVersionPermission},
	{Name: "RemovePermission", method: "DELETE", path: "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", serve: (*call).removePermission},
	{Name: "SendDurableExecutionCallbackFailure", method: "POST", path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/fail"},
	{Name: "SendDurableExecutionCallbackHeartbeat", method: "POST", path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat"},
	{Name: "SendDurableExecutionCallbackSuccess", method: "POST", path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/succeed"},
	{Name: "StopDurableExecution", method: "POST", path: "/2025-12-01/durable-executions/{DurableExecutionArn}/stop"},
	{Name: "TagResource", method: "POST", path: "/2017-03-31/tags/{Resource}", serve: (*call).tagResource},
	{Name: "UntagResource", method: "DELETE", path: "/2017-03-31/tags/{Resource}", serve: (*call).untagResource},
	{Name: "UpdateAlias", method: "PUT", path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}", serve: (*call).updateAlias},
	{Name: "UpdateCapacityProvider", method: "PUT", path: "/2025-11-30/capacity-providers/{CapacityProviderName}"},
	{Name: "UpdateCodeSigningConfig", method: "PUT", path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}"},
	{Name: "UpdateEventSourceMapping", method: "PUT", path: "/2015-03-31/event-source-mappings/{UUID}", serve: (*call).updateEventSourceMapping},
	{Name: "UpdateFunctionCode", method: "PUT", path: "/2015-03-31/functions/{FunctionName}/code", maxBody: maxCode, serve: (*call).updateFunctionCode},
	{Name: "UpdateFunctionConfiguration", method: "PUT", path: "/2015-03-31/functions/{FunctionName}/configuration", serve: (*call).updateFunctionConfiguration},
	{Name: "UpdateFunctionEventInvokeConfig", method: "POST", path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", serve: (*call).updateFunctionEventInvokeConfig},
	{Name: "UpdateFunctionUrlConfig", method: "PUT", path: "/2021-10-31/functions/{FunctionName}/url", serve: (*call).updateFunctionUrlConfig},
}
