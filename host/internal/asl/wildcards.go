package asl

// comparisonsPerStep is how many characters are compared in one step.
const comparisonsPerStep = 64

// matchWildcards matches a text with a pattern in which "*" stands for any
// characters and a backslash makes the next character an ordinary one. What it
// takes is at most the product of the lengths, without recursion; spend is told
// of it as it goes, and its error ends it.
func matchWildcards(pattern, s string, spend func(steps int) error) (bool, error) {
	if err := spend(1 + (len(pattern)+len(s))/comparisonsPerStep); err != nil {
		return false, err
	}
	type token struct {
		c    byte
		star bool
	}
	var tokens []token
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
			tokens = append(tokens, token{c: pattern[i]})
		case pattern[i] == '*':
			tokens = append(tokens, token{star: true})
		default:
			tokens = append(tokens, token{c: pattern[i]})
		}
	}
	at, i, star, mark := 0, 0, -1, 0
	for n := 1; i < len(s); n++ {
		if n%comparisonsPerStep == 0 {
			if err := spend(1); err != nil {
				return false, err
			}
		}
		switch {
		case at < len(tokens) && tokens[at].star:
			star, mark = at, i
			at++
		case at < len(tokens) && tokens[at].c == s[i]:
			at++
			i++
		case star >= 0:
			mark++
			at, i = star+1, mark
		default:
			return false, nil
		}
	}
	for at < len(tokens) && tokens[at].star {
		at++
	}
	return at == len(tokens), nil
}
