package rule

import (
	"maps"

	"sqleuth/analysis/fact"
)

// Field is a field of an event as rules name it. The fields of package fact have
// their numbers there: Field(fact.Verb) is statement.verb.
type Field uint8

// The fields that are no facts of a statement.
const (
	Text Field = iota + 64 // the statement as logged; keywords look into it

	// What an entry knows of itself and of who sent it.
	UserName        // as the client called itself
	SourceIP        // the host as the server saw it, a name or an address
	SourceLocal     // "true", "false": the host is the server's own
	UserPrivileged  // "true", "false": the account may do everything, or is called as if
	Namespace       // the current database
	ConnectionID    // the server's number of the connection
	DigestHash      // the statement's digest, SHA-256 in hexadecimal
	DigestKnown     // "true", "false": this account sends the digest habitually
	DigestDays      // on how many days it did before
	DigestUserKnown // "true", "false": the account's user sends the digest habitually from another host, or from three others
	AccountKnown    // "true", "false": the account was seen on days before
	AccountDays     // on how many
	AccountShare    // percentage of the log's half hours in which the account does something
	EntryDoubtful   // "true", "false": the entry may be forged
	EventHour       // "0" to "23", of the log's own clock
	UserShare       // percentage of the log's half hours in which the user does something, from wherever
	UsualHour       // "true", "false": the user logs in at about this time of other days too; none where too few days are known

	// What is known of the principals of an entry or login before it.
	HostLogins
	PairLogins
	UserLogins
	HostFailures
	PairFailures
	PairGuesses // refused logins of the host before the first accepted one of the pair
	PairAway    // logins of the user before the pair first got in, from where it is not at home, see principal.Away; none for people and users of many networks
	PairSettles // seconds from a refused login until the pair gets in; none where it never does, or was refused more than three times by then
	UserExists  // "true", "false": was ever accepted in this log

	// What a login has.
	LoginOutcome  // accepted, denied, failed
	LoginTLS      // "true", "false"
	LoginMistyped // "true", "false": a mistake of one of many who share a host, see principal.Mistyped

	// What a detection knows when all its entries are known, for levels only.
	MatchCount       // entries or logins
	MatchMaximum     // most of them, or of different values, in one window
	MatchUsers       // different ones
	MatchHosts       // different ones
	MatchConnections // different ones
	MatchSeconds     // from the first to the last
	MatchNative      // what the rule's native code found, a word of its own
	endFields
)

const numFields = int(endFields)

// ownNames are the names of the fields that are no facts.
var ownNames = map[Field]string{
	Text: "statement.text", UserName: "user.name", SourceIP: "source.ip", SourceLocal: "source.local",
	UserPrivileged: "user.privileged", Namespace: "db.namespace", ConnectionID: "connection.id", DigestHash: "digest.hash",
	DigestKnown: "digest.known", DigestDays: "digest.days", DigestUserKnown: "digest.user_known", AccountKnown: "account.known", AccountDays: "account.days", AccountShare: "account.share",
	EntryDoubtful: "entry.doubtful", EventHour: "event.hour", UserShare: "user.share", UsualHour: "user.usual_hour", HostLogins: "host.logins_before", PairLogins: "pair.logins_before",
	UserLogins: "user.logins_before", HostFailures: "host.failures_before", PairFailures: "pair.failures_before", PairGuesses: "pair.guesses_before",
	PairAway: "pair.away_after", PairSettles: "pair.gets_in_after", UserExists: "user.exists", LoginOutcome: "login.outcome", LoginTLS: "login.tls", LoginMistyped: "login.mistyped", MatchCount: "match.count",
	MatchMaximum: "match.maximum", MatchUsers: "match.users", MatchHosts: "match.hosts", MatchConnections: "match.connections",
	MatchSeconds: "match.seconds", MatchNative: "match.native",
}

// aliases are names that OpenTelemetry and ECS have for fields.
var aliases = map[string]Field{
	"db.query.text": Text, "db.operation.name": Field(fact.Verb), "db.collection.name": Field(fact.Tables),
	"source.address": SourceIP, "db.query": Text,
}

// fieldNames holds the names by field, empty for no field.
var fieldNames = func() (names [numFields]string) {
	for _, f := range fact.Fields() {
		names[f] = f.String()
	}
	for f, name := range ownNames {
		names[f] = name
	}
	return names
}()

// String returns the name that rules have for the field.
func (f Field) String() string { return fieldNames[f] }

// Fact returns the fact that the field is, false for one of an entry or login.
func (f Field) Fact() (fact.Field, bool) { return fact.Field(f), f < Text }

// login reports whether only a login has the field.
func (f Field) login() bool { return f == LoginOutcome || f == LoginTLS }

// values returns the values that the field can have, nil where they are not fixed.
func (f Field) values() []string {
	switch f {
	case SourceLocal, UserPrivileged, DigestKnown, DigestUserKnown, AccountKnown, EntryDoubtful, UserExists, UsualHour, LoginTLS, LoginMistyped:
		return []string{"true", "false"}
	case LoginOutcome:
		return []string{"accepted", "denied", "failed"}
	}
	if of, ok := f.Fact(); ok {
		return of.Values()
	}
	return nil
}

// OfMatch reports whether only a detection as a whole has the field.
func (f Field) OfMatch() bool { return f >= MatchCount }

// Fields returns all fields in the order of their numbers.
func Fields() []Field {
	var list []Field
	for f, name := range fieldNames {
		if name != "" {
			list = append(list, Field(f))
		}
	}
	return list
}

// byAnyName holds the fields by their names, those that OpenTelemetry and ECS have for
// them, and those of exports, so that what was exported can be read again.
var byAnyName = func() map[string]Field {
	names := maps.Clone(aliases)
	for _, f := range Fields() {
		names[f.String()], names[f.ECSName()] = f, f
	}
	return names
}()

// FieldNamed returns the field of a name, an alias or a name in exports, false for
// none.
func FieldNamed(name string) (Field, bool) {
	f, ok := byAnyName[name]
	return f, ok
}

// FieldSet is a set of fields.
type FieldSet [2]uint64

// With returns the set with a field.
func (s FieldSet) With(f Field) FieldSet {
	s[f/64] |= 1 << (f % 64)
	return s
}

// Has reports whether a field is in the set.
func (s FieldSet) Has(f Field) bool { return s[f/64]&(1<<(f%64)) != 0 }

func (s FieldSet) union(o FieldSet) FieldSet { return FieldSet{s[0] | o[0], s[1] | o[1]} }

// Fields returns the fields of the set in order.
func (s FieldSet) Fields() []Field {
	var list []Field
	for f := range Field(numFields) {
		if s.Has(f) {
			list = append(list, f)
		}
	}
	return list
}
