package suspicion

import "sqleuth/analysis/trait"

// Kind is a kind of evidence about a connection or an entry.
type Kind uint8

// The kinds. Those of logins are about the entry of the login, those of statements
// about one statement, the rest about a connection as a whole.
const (
	RefusedStranger Kind = iota // a refused login of a user that had not got in from the host
	UsersTried                  // from its host several users were tried so
	HostsTried                  // its user was tried so from several hosts
	ManyTries                   // from its host many logins were refused so
	NoSuchUser                  // its user never gets in from anywhere
	NewAccount                  // user and host come up late in the log and seldom
	NewNetwork                  // its network does
	Away                        // its user is not at home there, see principal.Away
	NewDigest                   // a statement is new to its account
	SeveralNew                  // and several came up with it
	NewRequest                  // what a new statement asks for
	StrangeRequest              // what an account that is new asks for
	Guessing                    // detections, by group of tactics
	Access
	Injection
	Discovery
	Collection
	Persistence
	Impact
	Hiding
	Unlike  // its traits are unlike those of the others
	Company // like statements of the same account came at about that time
	Actor   // other connections of its actor are suspicious
	Session // others of its account at about that time are, and the account does little else
	Learned
	Kinds // how many there are
)

var kindNames = [Kinds]string{"refused stranger", "users tried", "hosts tried", "many tries", "no such user", "new account", "new network", "away", "new digest", "several new", "new request", "strange request",
	"guessing", "access", "injection", "discovery", "collection", "persistence", "impact", "hiding", "unlike", "company", "actor", "session", "learned"}

// String returns the kind in a word or two.
func (k Kind) String() string { return kindNames[k] }

// ofLogin reports whether a kind is about a login, ofStatement whether it is about a
// statement, and ofRules whether it is one of detections.
func (k Kind) ofLogin() bool     { return k <= Away }
func (k Kind) ofStatement() bool { return k >= NewDigest && k <= StrangeRequest }
func (k Kind) ofRules() bool     { return k >= Guessing && k <= Hiding }

// notOfRules reports whether a kind is none of detections, ofItself whether it is about
// a connection as a whole and no other has the same words.
func (k Kind) notOfRules() bool { return !k.ofRules() }
func (k Kind) ofItself() bool   { return k == Unlike || k == Learned }

// kindOf returns the kind of the detections of a group.
func kindOf(g trait.Group) Kind { return Guessing + Kind(g-trait.Guessing) }

// Evidence is how strongly each kind speaks, 0 to 1.
type Evidence [Kinds]float64

// Weights are the log-odds that kinds of evidence add at full strength, none below 0,
// and Bias those without any.
type Weights struct {
	Bias  float64
	Kinds [Kinds]float64
}
