package function

import (
	"slices"
	"strings"
)

// runtimes are those that AWS Lambda takes for a new function, in the order of
// its message (recorded in November 2025).
var runtimes = []string{
	"nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x", "nodejs22.x", "java25",
	"python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8", "python3.9", "java17",
	"nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2",
}

// newerRuntimes are of AWS's service model, but not of that message.
var newerRuntimes = []string{"ruby4.0"}

// layerRuntimes are those that AWS Lambda lists layers for, in the order of its
// message: older ones and some that never were offered among them.
var layerRuntimes = []string{
	"ruby2.6", "dotnetcore1.0", "python3.7", "nodejs8.10", "nasa", "ruby2.7", "python2.7-greengrass", "dotnetcore2.0",
	"python3.8", "java21", "dotnet6", "dotnetcore2.1", "python3.9", "java11", "nodejs6.10", "provided", "dotnetcore3.1",
	"dotnet8", "java25", "java17", "nodejs", "nodejs4.3", "java8.al2", "go1.x", "dotnet10", "nodejs20.x", "go1.9", "byol",
	"nodejs10.x", "provided.al2023", "nodejs22.x", "python3.10", "java8", "nodejs12.x", "python3.11", "nodejs24.x",
	"nodejs8.x", "python3.12", "nodejs14.x", "nodejs8.9", "nodejs16.x", "python3.13", "python3.14", "nodejs18.x",
	"provided.al2", "nodejs4.3-edge", "python3.4", "ruby3.2", "ruby3.3", "ruby3.4", "ruby2.5", "python3.6", "python2.7",
}

// checkRuntime refuses what is no runtime of AWS Lambda's. Any that is will do:
// what runs is decided by the package.
func checkRuntime(name string) error {
	if slices.Contains(runtimes, name) || slices.Contains(newerRuntimes, name) {
		return nil
	}
	return invalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [%s] or be a valid ARN", name, strings.Join(runtimes, ", "))
}
