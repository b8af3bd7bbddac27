package detect

import (
	"fmt"
	"slices"
)

// Severity is how much a detection asks for an analyst's attention.
type Severity uint8

// The severities, rising.
const (
	Context Severity = iota // worth knowing beside other detections
	Low
	Medium
	High
	Critical
)

var severityText = [...]string{"context", "low", "medium", "high", "critical"}

// String returns the severity in one word.
func (s Severity) String() string { return severityText[s] }

// MarshalText writes the severity in one word.
func (s Severity) MarshalText() ([]byte, error) {
	if int(s) >= len(severityText) {
		return nil, fmt.Errorf("severity %d does not exist", s)
	}
	return []byte(s.String()), nil
}

// The versions of ATT&CK that Technique.ID and Technique.Old belong to.
const (
	AttackVersion    = "v19"
	OldAttackVersion = "v18.1"
)

// Technique is a technique of MITRE ATT&CK.
type Technique struct {
	ID   string // in AttackVersion
	Old  string // in OldAttackVersion
	Name string
}

// Rule is what a detection looks for.
type Rule struct {
	ID         string // "D1"
	Name       string
	Severity   Severity // of a detection without reasons to rate it higher or lower
	Techniques []Technique
	What       string // what it looks for, and what a hit does not prove
}

// Successor is a technique of AttackVersion with those of OldAttackVersion that
// have become it.
type Successor struct {
	ID   string
	Name string
	Old  []string // their ids, without ID itself
}

// Successors returns the techniques of a rule in their order, each once: several
// old ones may have become one.
func (r *Rule) Successors() []Successor {
	var out []Successor
	for _, t := range r.Techniques {
		k := slices.IndexFunc(out, func(s Successor) bool { return s.ID == t.ID })
		if k < 0 {
			k = len(out)
			out = append(out, Successor{ID: t.ID, Name: t.Name})
		}
		if t.Old != t.ID {
			out[k].Old = append(out[k].Old, t.Old)
		}
	}
	return out
}

// TechniqueIDs returns the ids of Successors.
func (r *Rule) TechniqueIDs() []string {
	var ids []string
	for _, s := range r.Successors() {
		ids = append(ids, s.ID)
	}
	return ids
}

func same(id, name string) Technique { return Technique{ID: id, Old: id, Name: name} }

// ruleIndex is the place of a rule in rules.
type ruleIndex uint8

const (
	bruteForce ruleIndex = iota
	spraying
	successAfterFailures
	privilegedLogin
	credentialRead
	dump
	enumeration
	fileRead
	fileWrite
	libraryLoad
	accountChange
	logTampering
	timeBased
	destruction
	replication
	integrity
	numRules
)

// rules is read only.
var rules = [numRules]Rule{
	bruteForce: {"D1", "brute force", High,
		[]Technique{same("T1110.001", "Brute Force: Password Guessing")},
		"Many failed logins from one host, or for one user from several hosts, in a short time. A connection pool with an old password looks the same: one user at a constant rate."},
	spraying: {"D2", "password spraying", High,
		[]Technique{same("T1110.003", "Brute Force: Password Spraying"), same("T1110.004", "Brute Force: Credential Stuffing")},
		"One host fails to log in as many users with few tries each. Monitoring and scanners of one's own do that too."},
	successAfterFailures: {"D3", "success after failures", Critical,
		[]Technique{same("T1078", "Valid Accounts"), same("T1110", "Brute Force")},
		"A host that D1 or D2 named got past login later. It does not prove that the password was guessed: its owner may have found it again."},
	privilegedLogin: {"D4", "privileged login from afar", Context,
		[]Technique{same("T1078.001", "Valid Accounts: Default Accounts"), same("T1133", "External Remote Services")},
		"An administrative or anonymous account got past login from a host other than the server's own. In containers every client is remote."},
	credentialRead: {"D6", "credential read", High,
		[]Technique{same("T1213.006", "Data from Information Repositories: Databases"), same("T1552", "Unsecured Credentials")},
		"Asks for the server's accounts, or for an application's users without a key: an application asks for one user at a time. Reports and backups ask for all of them too."},
	dump: {"D7", "dump", Medium,
		[]Technique{same("T1213.006", "Data from Information Repositories: Databases"), same("T1119", "Automated Collection"), same("T1005", "Data from Local System")},
		"One connection asks for whole tables, as a dump does. Backups are dumps; the summary gives the reasons for either."},
	enumeration: {"D8", "enumeration", Low,
		[]Technique{same("T1082", "System Information Discovery"), same("T1033", "System Owner/User Discovery"), same("T1087", "Account Discovery"), same("T1069", "Permission Groups Discovery"), same("T1057", "Process Discovery"), same("T1518", "Software Discovery")},
		"One connection asks many kinds of questions about schema, version and users in a short time. Graphical clients do that at every login."},
	fileRead: {"D9", "file read", Medium,
		[]Technique{same("T1005", "Data from Local System"), same("T1083", "File and Directory Discovery")},
		"Asks the server to read a file. Bulk loads do."},
	fileWrite: {"D10", "file write", Medium,
		[]Technique{same("T1505.003", "Server Software Component: Web Shell"), same("T1105", "Ingress Tool Transfer"), same("T1074.001", "Data Staged: Local Data Staging")},
		"Asks the server to write a file; high where its name is that of a program or lies under a web server. Reports are exported that way."},
	libraryLoad: {"D11", "library or plugin", High,
		[]Technique{same("T1505", "Server Software Component"), same("T1505.001", "Server Software Component: SQL Stored Procedures"), same("T1059", "Command and Scripting Interpreter"), same("T1068", "Exploitation for Privilege Escalation")},
		"Asks the server to load code, looks for the place where it would have to be, or calls a function known from such code. Plugins are also installed in earnest."},
	accountChange: {"D12", "account change", Medium,
		[]Technique{same("T1136", "Create Account"), same("T1098", "Account Manipulation"), same("T1531", "Account Access Removal")},
		"Makes, changes or removes accounts or rights. Deployments do."},
	logTampering: {"D13", "log tampering", High,
		[]Technique{{"T1685", "T1562", "Disable or Modify Tools"}, {"T1685.006", "T1070.002", "Clear Linux or Mac System Logs"}},
		"Switches a log off, moves it or empties it. Maintenance purges binary logs; what was sent while the log was off is not here."},
	timeBased: {"D17", "time-based probing", Medium,
		[]Technique{same("T1190", "Exploit Public-Facing Application"), same("T1499.004", "Endpoint Denial of Service: Application or System Exploitation")},
		"Makes the server wait or work, as blind injection does to get an answer. Tests and health checks sleep as well."},
	destruction: {"D20", "destruction", Medium,
		[]Technique{same("T1485", "Data Destruction"), same("T1565.001", "Data Manipulation: Stored Data Manipulation"), same("T1491", "Defacement"), same("T1486", "Data Encrypted for Impact")},
		"Drops or empties tables, changes or deletes all rows, or leaves a table named like a ransom note. Migrations and clean-up jobs drop and empty tables."},
	replication: {"D22", "theft by replication or clone", High,
		[]Technique{same("T1213.006", "Data from Information Repositories: Databases"), same("T1020", "Automated Exfiltration")},
		"Asks for the binary log or a clone of the server, or points the server at another source. Real replicas do."},
	integrity: {"D24", "log integrity", Low,
		[]Technique{{"T1685", "T1562", "Disable or Modify Tools"}, {"T1685", "T1070", "Disable or Modify Tools"}},
		"Time runs backwards from one entry to the next. The log may have been put together, or entries may be forged; a clock that was set back looks the same."},
}

// Rules returns the rules in the order of their numbers.
func Rules() []Rule { return append([]Rule(nil), rules[:]...) }
