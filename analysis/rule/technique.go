package rule

import (
	"regexp"
	"slices"
	"strings"
)

// The versions of ATT&CK that Technique.ID and Technique.Old belong to.
const (
	AttackVersion    = "v19"
	OldAttackVersion = "v18.1"
)

// Technique is a technique of MITRE ATT&CK.
type Technique struct {
	ID   string // in AttackVersion
	Old  string // in OldAttackVersion
	Name string // empty for one that techniqueNames lacks
}

// techniqueNames are the names of AttackVersion.
var techniqueNames = map[string]string{
	"T1005":     "Data from Local System",
	"T1020":     "Automated Exfiltration",
	"T1027":     "Obfuscated Files or Information",
	"T1033":     "System Owner/User Discovery",
	"T1046":     "Network Service Discovery",
	"T1057":     "Process Discovery",
	"T1059":     "Command and Scripting Interpreter",
	"T1068":     "Exploitation for Privilege Escalation",
	"T1069":     "Permission Groups Discovery",
	"T1074.001": "Data Staged: Local Data Staging",
	"T1078":     "Valid Accounts",
	"T1078.001": "Valid Accounts: Default Accounts",
	"T1082":     "System Information Discovery",
	"T1083":     "File and Directory Discovery",
	"T1087":     "Account Discovery",
	"T1098":     "Account Manipulation",
	"T1105":     "Ingress Tool Transfer",
	"T1110":     "Brute Force",
	"T1110.001": "Brute Force: Password Guessing",
	"T1110.003": "Brute Force: Password Spraying",
	"T1110.004": "Brute Force: Credential Stuffing",
	"T1119":     "Automated Collection",
	"T1133":     "External Remote Services",
	"T1136":     "Create Account",
	"T1190":     "Exploit Public-Facing Application",
	"T1201":     "Password Policy Discovery",
	"T1213.006": "Data from Information Repositories: Databases",
	"T1485":     "Data Destruction",
	"T1486":     "Data Encrypted for Impact",
	"T1489":     "Service Stop",
	"T1491":     "Defacement",
	"T1499.004": "Endpoint Denial of Service: Application or System Exploitation",
	"T1505":     "Server Software Component",
	"T1505.001": "Server Software Component: SQL Stored Procedures",
	"T1505.003": "Server Software Component: Web Shell",
	"T1518":     "Software Discovery",
	"T1529":     "System Shutdown/Reboot",
	"T1531":     "Account Access Removal",
	"T1546":     "Event Triggered Execution",
	"T1552":     "Unsecured Credentials",
	"T1565.001": "Data Manipulation: Stored Data Manipulation",
	"T1595.002": "Active Scanning: Vulnerability Scanning",
	"T1685":     "Disable or Modify Tools",
	"T1685.006": "Clear Linux or Mac System Logs",
}

// successors are the ids of OldAttackVersion that AttackVersion replaces.
var successors = map[string]string{
	"T1070": "T1685", "T1070.002": "T1685.006", "T1562": "T1685", "T1562.001": "T1685", "T1562.002": "T1685.001",
	"T1562.004": "T1686", "T1562.008": "T1685.002",
}

// predecessors are the old ids of those that have none of their own.
var predecessors = map[string]string{
	"T1685": "T1562", "T1685.001": "T1562.002", "T1685.002": "T1562.008", "T1685.006": "T1070.002", "T1686": "T1562.004",
}

var techniqueTag = regexp.MustCompile(`^attack\.(t\d{4}(?:\.\d{3})?)$`)

// technique returns that of a tag like "attack.t1110.001", an id of either version.
func technique(tag string) (Technique, bool) {
	m := techniqueTag.FindStringSubmatch(strings.ToLower(tag))
	if m == nil {
		return Technique{}, false
	}
	t := Technique{ID: strings.ToUpper(m[1])}
	t.Old = t.ID
	if id, ok := successors[t.ID]; ok {
		t.ID = id
	} else if old, ok := predecessors[t.ID]; ok {
		t.Old = old
	}
	t.Name = techniqueNames[t.ID]
	return t, true
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

// classified takes techniques and tactics from tags.
func (r *Rule) classified(tags []string) {
	for _, tag := range tags {
		if t, ok := technique(tag); ok {
			r.Techniques = append(r.Techniques, t)
		} else if tactic, ok := strings.CutPrefix(strings.ToLower(tag), "attack."); ok {
			r.Tactics = append(r.Tactics, tactic)
		}
	}
}
