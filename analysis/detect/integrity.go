package detect

import "sqleuth/analysis/rule"

// IntegrityRule returns the rule under which what speaks against the log itself
// is listed: the one that asks for time-backwards. A set of rules without it has a
// nameless one, as has no set.
func IntegrityRule(s *rule.Set) *rule.Rule {
	if s != nil {
		for _, r := range s.Rules {
			if r.Native == "time-backwards" {
				return r
			}
		}
	}
	return &rule.Rule{Title: "log integrity"}
}
