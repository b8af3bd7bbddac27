package trait

import (
	"fmt"
	"strings"
)

// said is a trait in the words of a sentence about a connection. many has a %s where the
// value belongs.
type said struct{ none, one, many string }

// sentences is by Trait.Name. What is yes or no is none or one; what has no words of its own
// for none or one has those for many.
var sentences = map[string]said{
	"refused":             {"its login was not refused", "its login was refused", ""},
	"unseen":              {"its login is in the log", "its login is not in the log", ""},
	"pair logins before":  {"no earlier login of this user from this host", "1 earlier login of this user from this host", "%s earlier logins of this user from this host"},
	"host logins before":  {"no earlier login from this host", "1 earlier login from this host", "%s earlier logins from this host"},
	"user logins before":  {"no earlier login of this user", "1 earlier login of this user", "%s earlier logins of this user"},
	"pair refused before": {"no earlier refused login of this user from this host", "1 earlier refused login of this user from this host", "%s earlier refused logins of this user from this host"},
	"host refused before": {"no earlier refused login from this host", "1 earlier refused login from this host", "%s earlier refused logins from this host"},
	"pair logins":         {"this user never gets in from this host", "this user gets in from this host once", "this user gets in from this host %s times"},
	"host logins":         {"nobody gets in from this host", "somebody gets in from this host once", "users get in from this host %s times"},
	"user logins":         {"this user never gets in", "this user gets in once", "this user gets in %s times"},
	"pair refused":        {"this user is never refused from this host", "this user is refused from this host once", "this user is refused from this host %s times"},
	"strangers from host": {"no refused login from this host as a user that had not got in from it", "1 refused login from this host as a user that had not got in from it", "%s refused logins from this host as users that had not got in from it"},
	"users tried from host": {"no user was tried from this host without having got in from it", "1 user was tried from this host without having got in from it",
		"%s users were tried from this host without having got in from it"},
	"hosts that tried user": {"this user was tried from no host that it had not got in from", "this user was tried from 1 host that it had not got in from", "this user was tried from %s hosts that it had not got in from"},
	"host began refused":    {"the first login from this host was not refused", "the first login from this host was refused", ""},
	"pace":                  {"refused logins of this user and host keep to a beat", "", "refused logins of this user and host are irregular in time (%s of 1)"},
	"pair gets in after":    {"this user is not refused from this host before it gets in", "", "this user gets in from this host %s after a refused login"},
	"host gets in after":    {"nobody is refused from this host before somebody gets in", "", "somebody gets in from this host %s after a refused login"},
	"host first seen":       {"this host is there from the log's begin on", "", "this host came first after %s of the log"},
	"pair first seen":       {"this user came from this host from the log's begin on", "", "this user came from this host first after %s of the log"},
	"user first seen":       {"this user is there from the log's begin on", "", "this user came first after %s of the log"},
	"network first seen":    {"this host's network is there from the log's begin on", "", "somebody came from this host's network first after %s of the log"},
	"account days":          {"the account does nothing on any day", "the account does something on 1 day", "the account does something on %s days"},
	"account share":         {"the account does nothing", "", "the account does something in %s of the log's half hours"},
	"new digests":           {"no statement is new to the account", "1 statement is new to the account", "%s statements are new to the account"},
	"novelty":               {"no statement is new to the account", "", "how new its newest statement is to the account: %s of 1"},
	"support":               {"no statement of which it is known how rare it is", "", "its rarest statement is sent in %s of the account's half hours"},
	"late":                  {"the account sends all of it from its begin on", "", "its latest statement is first sent after %s of the account's time"},
	"came up at once":       {"no statements came up in the account at once", "1 statement came up in the account", "%s statements came up in the account within half an hour"},
	"gravity":               {"nothing grave is asked for", "what is asked for is as grave as can be", "how grave what is asked for is: %s of 1"},
	"new gravity":           {"nothing grave and new is asked for", "what is asked for is as grave and new as can be", "how grave and new what is asked for is: %s of 1"},
	"things asked":          {"nothing of note is asked for", "1 kind of thing of note is asked for", "%s kinds of things of note are asked for"},
	"injected":              {"no text that a program would not write", "text that no program writes into its own statements", ""},
	"questions":             {"no statement asks about the server", "1 statement asks about the server", "%s statements ask about the server"},
	"accounts asked":        {"nothing is asked of the server's accounts", "accounts or rights of the server are asked for", ""},
	"people asked":          {"no people or passwords are asked for", "people or passwords are asked for without a key", ""},
	"whole tables":          {"no table is read as a whole", "1 statement reads a table as a whole", "%s statements read a table as a whole"},
	"changes":               {"no drops, files, code, accounts or logs", "drops, files, code, accounts or logs are asked for", ""},
	"guessing":              {"no rule finds guessed passwords", "", "a rule finds guessed passwords (%s)"},
	"access":                {"no rule finds a suspicious login", "", "a rule finds a suspicious login (%s)"},
	"injection":             {"no rule finds injection", "", "a rule finds injection (%s)"},
	"discovery":             {"no rule finds enumeration", "", "a rule finds enumeration (%s)"},
	"collection":            {"no rule finds suspicious reading", "", "a rule finds suspicious reading (%s)"},
	"persistence":           {"no rule finds what stays on the server", "", "a rule finds what stays or runs on the server (%s)"},
	"impact":                {"no rule finds destruction", "", "a rule finds destruction (%s)"},
	"hiding":                {"no rule finds covered tracks", "", "a rule finds covered tracks (%s)"},
	"entries":               {"no entry", "it has 1 entry", "it has %s entries"},
	"duration":              {"it lasts no time", "", "it lasts %s"},
	"people counted":        {"no people are counted", "people are counted", ""},
}

// Say returns a value of a trait in the words of a sentence about its connection: "3 earlier
// logins from this host".
func (t *Trait) Say(x float64) string {
	s, unit := sentences[t.Name], t.Unit
	value := t.Format(x)
	switch {
	case x == 0:
		return s.none
	case unit == "seconds" && value == "never":
		return strings.Replace(strings.Replace(s.many, " gets in", " never gets in", 1), "%s after", "after", 1)
	case unit == "place in the log", strings.HasPrefix(unit, "share of"), strings.HasPrefix(unit, "place in"):
		value = percent(x)
	case x == 1 && s.one != "":
		return s.one
	}
	return fmt.Sprintf(s.many, value)
}

// percent writes a share; a small one is not nothing.
func percent(x float64) string {
	switch {
	case x < 0.01:
		return "less than 1 %"
	case x >= 0.995:
		return "nearly all"
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}
