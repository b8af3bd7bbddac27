// Package detect evaluates rules on a loaded log: columns, facts and connections
// in, detections with ATT&CK ids and all their evidence out.
//
//	rows    facts --rules--> what may be true of each distinct row
//	entries rows that may be --rules on the entry and its principal--> hits
//	logins  --rules--> hits
//	hits    --correlations, in order of time--> more hits
//	hits of a rule and a principal without a long pause --> detections
//	detections --native code, a site's filters--> what is shown
//
// Statements are evaluated once per distinct set of facts and current database,
// so the cost does not depend on how often a statement was sent: the entries are
// passed over once, with one look-up each.
//
// No rule is known to this package by its name: what rules look for is in their
// files. Only what a rule's language cannot express is code here, under a name that
// rule files refer to; see native.go.
//
// An entry shows that a statement was sent, not that it worked, and the words of
// the detections keep to that.
package detect
