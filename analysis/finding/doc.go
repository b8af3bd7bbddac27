// Package finding turns what is known about connections into what an analyst
// reads and takes away.
//
//	detections, scores of both forests, template rarity --Rank--> suspects, the most telling first
//	labels, notes, detections --Findings--> one row of evidence per connection
package finding

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
)

// Known is what is known about a log. What has no model yet is nil.
type Known struct {
	Log        *loaded.Log
	Detections []detect.Detection // those that no filter of a site sets aside
	Labels     label.Set

	// Encoded maps rows of the log to rows of the feature matrix, which the
	// functions below are asked about.
	Encoded   []int32
	Isolation func(row int) float64 // 0 to 1, the higher the more abnormal
	Outlier   []bool                // by matrix row: flagged by the Isolation Forest
	Random    func(row int) float64 // probability of an anomaly
}
