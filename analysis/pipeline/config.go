package pipeline

import (
	"fmt"
	"runtime"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/model"
	"sqleuth/analysis/reading"
)

// A Config is how a log is read and analysed.
type Config struct {
	Reading  reading.Reading
	Drain    drain.Config
	Params   model.Params
	Detect   detect.Options
	Baseline Baseline
	Model    *learned.Model // of another log, applied in place of what labels teach; nil for none
	Zone     *time.Location // of logs whose times are local; nil: unknown, shown as written
	// Order is the order in which the files are read, nil for that of their first
	// entries.
	Order *Order
	// Before are the incidents of a beginning of the log, which those that are found
	// continue.
	Before  []incident.Incident
	Workers int // goroutines that parse; 0: as many as the machine runs at once
	// Unwatched reports that nobody looks at the log while it is read: there is no
	// Updated, which costs time, and memory for what changes after it.
	Unwatched bool
}

// Order is an order of files that was found when they were read before.
type Order struct {
	Names []string                     // each once
	Same  func(file, name string) bool // whether the set calls a file so
	How   string                       // what the order is, in words
}

// DefaultConfig returns the documented defaults.
func DefaultConfig() Config {
	return Config{Drain: drain.DefaultConfig(), Params: DefaultParams(), Detect: detect.DefaultOptions()}
}

// DefaultParams returns the notebook's parameters of both forests.
func DefaultParams() model.Params {
	return model.Params{Seed: 42, Contamination: 0.01, Trees: 100}
}

func (c Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// PanicError is a panic in one of the analysis' goroutines, turned into an
// error so that a screen can be restored before it is shown.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("internal error: %v", e.Value) }
