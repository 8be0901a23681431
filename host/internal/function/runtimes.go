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

// retiredRuntimes are of AWS's service model, too; functions cannot get them any
// more.
var retiredRuntimes = []string{
	"nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "java8",
	"python2.7", "python3.6", "python3.7", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x",
	"ruby2.5", "ruby2.7", "provided",
}

// snapStartRuntimes are those that can have a SnapStart.
var snapStartRuntimes = []string{
	"java11", "java17", "java21", "java25", "python3.12", "python3.13", "python3.14", "dotnet8", "dotnet10",
}

// isRuntime reports whether AWS Lambda has, or had, a runtime of that name.
func isRuntime(name string) bool {
	return slices.Contains(runtimes, name) || slices.Contains(newerRuntimes, name) || slices.Contains(retiredRuntimes, name)
}

// checkSnapStart refuses one where AWS does.
func (c *Configuration) checkSnapStart() error {
	if c.SnapStart == publishedVersions && !slices.Contains(snapStartRuntimes, c.Runtime) {
		return invalid("%s is not supported for SnapStart enabled functions.", c.Runtime)
	}
	return nil
}

// publishedVersions is the SnapStart of functions that have one.
const publishedVersions = "PublishedVersions"

// checkRuntime refuses what no function can get on AWS Lambda. Any other will do:
// what runs is decided by the package.
func checkRuntime(name string) error {
	switch {
	case slices.Contains(runtimes, name), slices.Contains(newerRuntimes, name):
		return nil
	case slices.Contains(retiredRuntimes, name):
		return invalid("The runtime parameter of %s is no longer supported for creating or updating AWS Lambda functions. "+
			"We recommend you use a supported runtime while creating or updating functions.", name)
	}
	return invalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [%s] or be a valid ARN", name, strings.Join(runtimes, ", "))
}
