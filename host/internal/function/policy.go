package function

// policyKind is the kind of attachment that holds a policy.
const policyKind = "policy"
