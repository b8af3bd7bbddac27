// Package detect runs rules over a loaded log: columns, templates and
// connections in, detections with ATT&CK ids and evidence out.
//
//	template texts --facts--> what each distinct row asks for --pass over the entries--> detections
//	connections    --failed and accepted logins, by host ------------------------------> detections
//	detections     --Stories--> the attack as one ordered story
//
// Statements are judged once per distinct row of the log, by the tokens of its
// template, so the cost does not depend on how often a statement was sent, and
// text inside string literals and comments is not taken for a statement. The
// entries are passed over twice, with one array look-up each.
//
// A template is what many statements share. What stands in a template may
// still have been inside a quote whose opening word became a wildcard, so where
// a template has both, the rule looks at the text of an entry before it speaks;
// what no statement of a template shares cannot be seen.
//
// An entry says that a statement was sent, not that it worked, and the words of
// the detections keep to that.
package detect
