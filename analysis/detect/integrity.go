package detect

import "sqleuth/analysis/rule"

// IntegrityRule returns the rule under which what speaks against the log itself
// is listed: the one that asks for time-backwards. A set of rules without it has a
// nameless one.
func IntegrityRule(rules []*rule.Rule) *rule.Rule {
	for _, r := range rules {
		if r.Native == "time-backwards" {
			return r
		}
	}
	return &rule.Rule{Title: "log integrity"}
}
