package function

import "github.com/lambent-dev/lambent/sandbox"

// perTenant is the tenancy of functions of which each tenant has instances of its
// own.
const perTenant = "PER_TENANT"

// checkTenant wants an event to be a tenant's if, and only if, the function tells
// them apart.
func checkTenant(box *sandbox.Sandbox, tenant string) error {
	switch {
	case box.PerTenant() && tenant == "":
		return invalid("The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again.")
	case !box.PerTenant() && tenant != "":
		return invalid("The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.")
	}
	return nil
}
