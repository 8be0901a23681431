package sandbox

// Policy says what a function may reach. The zero value reaches nothing: no
// network, no host file, no environment but its own.
type Policy struct {
	// Dial lists the addresses that the function may connect to, as host:port
	// or CIDR:port. Guests have no network yet: New refuses a list that is not
	// empty.
	Dial []string
}
