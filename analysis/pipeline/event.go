package pipeline

// Stage is a step of the analysis.
type Stage uint8

// The stages in the order in which they run.
const (
	Load      Stage = iota // decompress, scan, mine templates
	Count                  // the notebook's tables, connections, timeline
	Detect                 // rules
	Isolation              // Isolation Forest
	Random                 // Random Forest
	Rank                   // suspects
	Stages
)

var stageText = [Stages]string{"load", "count", "detect", "isolation forest", "random forest", "rank"}

// String returns the stage's name.
func (s Stage) String() string { return stageText[s] }

// Event is one fact about a run.
type Event interface{ event() }

type (
	// StageStarted reports that a stage begins. Total is in bytes for Load, in
	// trees for the forests, 0 where it is not known.
	StageStarted struct {
		Stage Stage
		Total int64
	}
	// Progress reports how far a stage is. It may be dropped.
	Progress struct {
		Stage       Stage
		Done, Total int64
	}
	// Updated carries what is known so far while a stage still runs. It may be
	// dropped: a later one holds more.
	Updated struct{ Snapshot *Snapshot }
	// StageFinished carries the snapshot that the stage has added to.
	StageFinished struct {
		Stage    Stage
		Snapshot *Snapshot
	}
)

func (StageStarted) event()  {}
func (Progress) event()      {}
func (Updated) event()       {}
func (StageFinished) event() {}
