// Package finding turns what is known about connections into what an analyst takes
// away: one row of evidence per connection that is labelled, noted or detected.
package finding

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/suspicion"
)

// Known is what is known about a log.
type Known struct {
	Log        *loaded.Log
	Detections []detect.Detection // those that no filter of a site sets aside
	Labels     label.Set
	Ranking    *suspicion.Ranking // nil before there is one
}
