package replay

import "fmt"

// checks are what was recorded of a case that is in no answer, but between
// answers. They see each answer as it comes.
var checks = map[string]func(*player, *call, answered) string{
	"TestLambdaAccountSettings::test_account_settings_total_code_size": codeIsCounted,
	"TestLambdaReservedConcurrency::test_function_concurrency_limits":  limitsAreKnown,
}

// codeIsCounted wants the account's code to grow by the package of the function
// that was created. (It was recorded as 276 bytes, the size of that package.)
func codeIsCounted(p *player, c *call, got answered) string {
	number := func(group, member string) float64 {
		values, _ := got.object()[group].(map[string]any)
		n, _ := values[member].(float64)
		return n
	}
	switch c.Operation {
	case "CreateFunction":
		p.of["created"] = fmt.Sprint(got.object()["CodeSize"])
	case "GetAccountSettings":
		total := number("AccountUsage", "TotalCodeSize")
		if before, ok := p.of["before"]; !ok {
			p.of["before"] = fmt.Sprint(total)
		} else if was, grown := 0.0, 0.0; true {
			fmt.Sscan(before, &was)
			fmt.Sscan(p.of["created"], &grown)
			if grown == 0 || total-was != grown {
				return fmt.Sprintf("the account has %v bytes of code, and had %v before a function of %v was created", total, was, grown)
			}
		}
	}
	return ""
}

// limitsAreKnown notes what the account may reserve: the case asks for one more
// than that, and for so much that less than the minimum is left.
func limitsAreKnown(p *player, c *call, got answered) string {
	if c.Operation != "GetAccountSettings" {
		return ""
	}
	limits, _ := got.object()["AccountLimit"].(map[string]any)
	unreserved, ok := limits["UnreservedConcurrentExecutions"].(float64)
	if !ok {
		return "no UnreservedConcurrentExecutions"
	}
	const least = 100 // of a new account
	for i, want := range []float64{unreserved + 1, unreserved - least + 1} {
		p.instead[[]string{"put_function_concurrency_account_limit_exceeded", "put_function_concurrency_below_unreserved_min_value"}[i]] =
			map[string]any{"ReservedConcurrentExecutions": want}
	}
	return ""
}
