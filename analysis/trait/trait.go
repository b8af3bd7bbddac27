package trait

import (
	"slices"
	"strconv"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// Trait is a feature of connections.
type Trait struct {
	Name   string
	Unit   string // "logins", "seconds", "share", ...
	Source string // logins, profile, facts, rules, shape
	Words  string // what it is, a clause
	// Steps are ascending bounds, 15 at most: step k has the values from bound k-1 on
	// up to below bound k.
	Steps []float64

	of func(m *Measures) float64
}

// Traits returns all traits, in order of the columns of a Matrix.
func Traits() []Trait { return slices.Clone(traits[:]) }

// Value returns the exact value of a trait, by number.
func (m *Measures) Value(k int) float64 { return traits[k].of(m) }

// Format writes a value of a trait.
func (t *Trait) Format(x float64) string {
	switch {
	case t.Unit == "yes or no" && x > 0:
		return "yes"
	case t.Unit == "yes or no":
		return "no"
	case t.Unit == "seconds" && x >= never:
		return "never"
	case t.Unit == "seconds":
		return wording.Duration(int64(x * 1e6))
	case t.Unit == "severity" && x == 0:
		return "none"
	case t.Unit == "severity":
		return rule.Severity(x - 1).String()
	case x == float64(int64(x)):
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

var (
	yes     = []float64{1}
	counts  = []float64{1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 256, 1024, 4096}
	few     = []float64{1, 2, 3, 5, 9, 17, 33}
	ever    = []float64{1, 3, 10, 100, 1000}
	times   = []float64{2, 60, 600, 3600, 6 * 3600, 86400, never}
	shares  = []float64{1.0 / 128, 1.0 / 64, 1.0 / 32, 1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2}
	tenths  = []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}
	degrees = []float64{1, 2, 3, 4, 5}
)

const (
	numTraits = 49
	// unlabelled is how many traits show without labels that a connection is unlike
	// the others. What comes after is ordinary in some programs; in which, labels
	// show.
	unlabelled = 48
)

// traits is the table: one more is one line.
var traits = [numTraits]Trait{
	{"refused", "yes or no", "logins", "the server refused the login", yes, func(m *Measures) float64 { return flag(m.Refused) }},
	{"unseen", "yes or no", "logins", "the log does not hold the login", yes, func(m *Measures) float64 { return flag(m.Unseen) }},
	{"pair logins before", "logins", "logins", "how often user and host together had got in before", ever, func(m *Measures) float64 { return float64(m.Pair.Accepted) }},
	{"host logins before", "logins", "logins", "how often anybody had got in from the host before", ever, func(m *Measures) float64 { return float64(m.Host.Accepted) }},
	{"user logins before", "logins", "logins", "how often the user had got in before", ever, func(m *Measures) float64 { return float64(m.User.Accepted) }},
	{"pair refused before", "logins", "logins", "how often user and host together had been refused before", few, func(m *Measures) float64 { return float64(m.Pair.Refused) }},
	{"host refused before", "logins", "logins", "how often the host had been refused before", few, func(m *Measures) float64 { return float64(m.Host.Refused) }},
	{"pair logins", "logins", "logins", "how often user and host together get in in all of the log", ever, func(m *Measures) float64 { return float64(m.Pair.Ever) }},
	{"host logins", "logins", "logins", "how often anybody gets in from the host in all of the log", ever, func(m *Measures) float64 { return float64(m.Host.Ever) }},
	{"user logins", "logins", "logins", "how often the user gets in in all of the log", ever, func(m *Measures) float64 { return float64(m.User.Ever) }},
	{"pair refused", "logins", "logins", "how often user and host together are refused in all of the log", counts, func(m *Measures) float64 { return float64(m.PairRefused) }},
	{"strangers from host", "logins", "logins", "refused logins from the host as users that had not got in from there before", counts, func(m *Measures) float64 { return float64(m.HostStrangers) }},
	{"users tried from host", "users", "logins", "how many users were tried from the host without having got in from there before", few, func(m *Measures) float64 { return float64(m.HostUsers) }},
	{"hosts that tried user", "hosts", "logins", "from how many hosts the user was tried without having got in from there before", few, func(m *Measures) float64 { return float64(m.UserHosts) }},
	{"host began refused", "yes or no", "logins", "the first login from the host was refused", yes, func(m *Measures) float64 { return flag(m.HostBeganRefused) }},
	{"pace", "0 to 1", "logins", "how badly refused logins of user and host keep to a beat", tenths, func(m *Measures) float64 { return m.Pace }},
	{"pair gets in after", "seconds", "logins", "time from a refused login until user and host get in", times, func(m *Measures) float64 { return m.Settled }},
	{"host gets in after", "seconds", "logins", "time from a refused login until anybody gets in from the host", times, func(m *Measures) float64 { return m.HostSettled }},
	{"host first seen", "place in the log", "logins", "where in the log the host first tried to log in", tenths, func(m *Measures) float64 { return m.HostFirst }},
	{"pair first seen", "place in the log", "logins", "where in the log user and host together first tried to log in", tenths, func(m *Measures) float64 { return m.PairFirst }},
	{"user first seen", "place in the log", "logins", "where in the log the user first tried to log in", tenths, func(m *Measures) float64 { return m.UserFirst }},
	{"network first seen", "place in the log", "logins", "where in the log anybody of the host's network first tried to log in", tenths, func(m *Measures) float64 { return m.NetworkFirst }},
	{"account days", "days", "profile", "on how many days the account does something", few, func(m *Measures) float64 { return float64(m.Days) }},
	{"account share", "share of half hours", "profile", "in what share of the log's half hours the account does something", shares, func(m *Measures) float64 { return m.Share }},
	{"new digests", "digests", "profile", "how many statements are new to the account", few, func(m *Measures) float64 { return float64(m.Fresh) }},
	{"novelty", "0 to 1", "profile", "how new its newest statement is to the account", tenths, func(m *Measures) float64 { return m.Novelty }},
	{"support", "share of half hours", "profile", "in what share of the account's half hours its rarest statement is sent", shares, func(m *Measures) float64 { return m.Support }},
	{"late", "place in the account's time", "profile", "when the account first sent its latest statement", tenths, func(m *Measures) float64 { return m.Late }},
	{"came up at once", "digests", "profile", "how many statements came up in the account within half an hour", counts, func(m *Measures) float64 { return float64(m.Burst) }},
	{"gravity", "0 to 1", "facts", "how grave the gravest thing is that was asked for", tenths, func(m *Measures) float64 { return m.Grave }},
	{"new gravity", "0 to 1", "facts", "gravity times novelty, highest of its statements", tenths, func(m *Measures) float64 { return m.NewGrave }},
	{"things asked", "kinds", "facts", "how many kinds of things were asked for", degrees, func(m *Measures) float64 { return float64(m.Asked.Count()) }},
	{"injected", "yes or no", "facts", "text that no program writes into its own statements", yes, asks(AskInjected | AskTool)},
	{"questions", "statements", "facts", "statements that ask about the server", few, func(m *Measures) float64 { return float64(m.Questions) }},
	{"accounts asked", "yes or no", "facts", "accounts or rights of the server", yes, asks(AskAccounts)},
	{"people asked", "yes or no", "facts", "tables of people without a key, or passwords in them", yes, asks(AskPeople | AskSecrets)},
	{"whole tables", "statements", "facts", "statements that read a table as a whole", few, func(m *Measures) float64 { return float64(m.Whole) }},
	{"changes", "yes or no", "facts", "drops or empties, files, code, accounts, logs", yes, asks(AskDestroy | AskFile | AskCode | AskRights | AskLogs)},
	{"guessing", "severity", "rules", "gravest detection of guessed passwords", degrees, severity(Guessing)},
	{"access", "severity", "rules", "gravest detection of a login", degrees, severity(Access)},
	{"injection", "severity", "rules", "gravest detection of injection", degrees, severity(Injection)},
	{"discovery", "severity", "rules", "gravest detection of enumeration", degrees, severity(Discovery)},
	{"collection", "severity", "rules", "gravest detection of reading", degrees, severity(Collection)},
	{"persistence", "severity", "rules", "gravest detection of what stays or runs on the server", degrees, severity(Persistence)},
	{"impact", "severity", "rules", "gravest detection of destruction", degrees, severity(Impact)},
	{"hiding", "severity", "rules", "gravest detection of covered tracks", degrees, severity(Hiding)},
	{"entries", "entries", "shape", "how many entries it has", []float64{2, 3, 5, 9, 33, 129}, func(m *Measures) float64 { return float64(m.Entries) }},
	{"duration", "seconds", "shape", "time from its first to its last entry", []float64{1, 60, 3600}, func(m *Measures) float64 { return m.Seconds }},
	{"people counted", "yes or no", "facts", "how many people a table holds, or all of them", yes, asks(AskPeopleCount)},
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func asks(what Asked) func(m *Measures) float64 {
	return func(m *Measures) float64 { return flag(m.Asked&what != 0) }
}

func severity(g Group) func(m *Measures) float64 {
	return func(m *Measures) float64 { return float64(m.Rules.Of(g)) }
}

// vector holds the steps of a connection.
type vector [numTraits]uint8

func (m *Measures) vector() (v vector) {
	for k := range traits {
		x := traits[k].of(m)
		for _, bound := range traits[k].Steps {
			if x < bound {
				break
			}
			v[k]++
		}
	}
	return v
}
