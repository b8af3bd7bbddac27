// Package finding turns what is known about connections into what an analyst
// reads and takes away.
//
//	detections, scores of both forests, template rarity --Rank--> suspects, the most telling first
//	labels, notes, detections --Findings--> one row of evidence per connection
package finding

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
)

// Input is what is known about a log. What has no model yet is nil.
type Input struct {
	Log     detect.Input
	Actions []string // texts of store.Key.Action, "-" for none
	// OtherTables are the tables that statements name beside their main one, by
	// store.Key.Cluster; nil where they are not known.
	OtherTables [][]string
	Detections  []detect.Detection
	Labels      label.Set

	// Encoded maps rows of the log to rows of the feature matrix, which the
	// functions below are asked about.
	Encoded   []int32
	Isolation func(row int) float64 // 0 to 1, the higher the more abnormal
	Outlier   []bool                // by matrix row: flagged by the Isolation Forest
	Random    func(row int) float64 // probability of an anomaly
}
