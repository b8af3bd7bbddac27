// Package rule reads rules, correlations and filters from YAML files in Sigma's
// form and evaluates them.
//
//	files        Load       builtin/*.yml, folders of the user, a site's filters
//	Document     Parse      rules and filters, with all problems as "file:line: what to write"
//	events       Match      one row, entry or login -> False, True or Unknown
//	hits         Engine     hits in order of time -> Match of a correlation
//
// It knows the names of fields and nothing of logs: package detect makes events of
// rows, entries and logins.
//
// # What is read of Sigma
//
// A selection is a map of fields (all must match), a list of such maps (one must
// match) or a list of keywords, which are looked for in the text. The values of a
// field are alternatives. Modifiers: contains, startswith, endswith, all, re (with
// i, m, s), cased, exists, cidr, fieldref, gt, gte, lt, lte. Matching disregards
// case but for re and cased. A value may have the wildcards * and ?, which a
// backslash makes plain, and null is the value of a field that has none. A condition
// has and, or, not, brackets, "1 of x*", "all of x*" and "them". A field with several
// values matches when one of them does.
//
// Correlations are event_count, value_count, temporal and temporal_ordered. Windows
// slide over the hits of a group; see Engine.
package rule
