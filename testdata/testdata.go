// Package testdata holds the built-in incident: a real recorded log that the
// program carries inside itself.
package testdata

import _ "embed"

// IncidentName is the name under which the built-in incident is shown.
const IncidentName = "wordpress-bruteforce/general.log.gz"

// Incident is the gzip-compressed general query log of the built-in incident;
// the README beside it describes it.
//
//go:embed wordpress-bruteforce/general.log.gz
var Incident []byte
