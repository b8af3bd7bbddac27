package screen

import (
	"context"
	"sync/atomic"
)

// Job is background work of a screen of which only the latest counts. The zero
// Job has never run.
type Job struct {
	// Number is that of the latest question, and of no other job's. The command
	// that works on it puts it into its answer; an answer with another number
	// comes too late, or is not meant.
	Number int
	// Again is for screens that let work end before they begin anew: what it
	// works on has changed meanwhile.
	Again bool

	cancel context.CancelFunc // nil where nothing is under way
}

// numbers counts questions: several lists of a screen may get the same answers.
var numbers atomic.Int64

// Running reports whether an answer is still to come.
func (j Job) Running() bool { return j.cancel != nil }

// Start cancels what is under way and numbers a new question, which its command
// works on until the context is done.
func (j Job) Start() (Job, context.Context) {
	j = j.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	j.cancel = cancel
	return j, ctx
}

// Stop ends a job whose answer has arrived, or is not wanted any more.
func (j Job) Stop() Job {
	if j.cancel != nil {
		j.cancel()
	}
	return Job{Number: int(numbers.Add(1))}
}
