package pipeline

import (
	"sqleuth/analysis/count"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/model"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/suspicion"
	"sqleuth/analysis/trait"
)

// Snapshot is what is known about a log at one moment. It is immutable: each
// stage copies the struct and sets what it has found, and nothing in a snapshot
// that was handed out is written again.
type Snapshot struct {
	loaded.Log
	Analysis
	Verdicts
}

// Analysis is what follows from a loaded log alone. It is nil-valued until the
// log is loaded.
type Analysis struct {
	Counts     *count.Tables
	Timeline   *count.Timeline
	Encoding   *feature.Encoding
	Rules      *rule.Set // that were evaluated
	Detections []detect.Detection
	Filtered   []detect.Filtered // by filter of the site, what it sets aside
	Integrity  integrity.Report
	// History is what principals did before each moment, and in all of the log.
	History *principal.History
	Novel   *principal.Novel
	Traits  *trait.Matrix // of the connections
	Anomaly *trait.Forest // over them
	// Assessment is what speaks against connections and entries, labels aside.
	Assessment *suspicion.Assessment
	// Model was learnt on another log, nil for none.
	Model *learned.Model
	// Incidents are what actors did, the most severe first. No label changes them.
	Incidents           []incident.Incident
	incidentOf          map[uint32]int // by connection, the gravest; see IncidentOf
	incidentOfDetection map[int]int    // see IncidentOfDetection
	text                Text           // to find incidents again
}

// Verdicts is what depends on labels and on model parameters. Isolation does
// not need labels, but what it is measured against does.
type Verdicts struct {
	Truth     *model.Truth
	Isolation *model.Isolation
	Random    *model.Random
	Mixed     *model.Mixed
	// Ranking is the order in which connections and entries should be read; nil until
	// all else is known.
	Ranking *suspicion.Ranking
	// Learned holds the predictions of a model for each connection, from labels or
	// another log; nil where there is neither.
	Learned *learned.Result
}

// ServerOfDetection names the server of the log in which a detection begins, the first
// one where it has no entries.
func (s *Snapshot) ServerOfDetection(d *detect.Detection) string {
	if len(d.Entries) == 0 {
		return s.ServerName(0)
	}
	return s.ServerName(s.ServerOf(int(d.Entries[0])))
}

// EncodedRow returns the row of the feature matrix that entry i has. The log
// must have been encoded.
func (s *Snapshot) EncodedRow(i int) int { return int(s.Encoding.Of[s.Entries.Row(i)]) }
