// Empty on purpose. A package with an assembly file may declare functions
// without a body, such as mainMain in reactor_wasip1.go.
