package evaluation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// Capture is a log of which it is known what is in it.
type Capture struct {
	Name     string
	Snapshot *pipeline.Snapshot
	Truth    Truth

	set *logfile.Set
}

// Close closes the log.
func (c *Capture) Close() { c.set.Close() }

// ReadCapture analyses the log of a folder and reads its labels: general.log or
// general.log.gz, labels.csv, and perhaps entry-labels.csv and
// unlabelled-attack-ids.csv, connections that are left out. The log stays open.
func ReadCapture(ctx context.Context, dir string) (_ *Capture, err error) {
	log := filepath.Join(dir, "general.log")
	if _, err := os.Stat(log); err != nil {
		log += ".gz"
	}
	c := &Capture{Name: filepath.Base(dir)}
	if c.set, err = logfile.Open([]string{log}, logfile.Options{}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	if c.Snapshot, err = pipeline.Run(ctx, pipeline.DefaultConfig(), c.set, nil, func(pipeline.Event) {}); err != nil {
		return nil, fmt.Errorf("capture %s: %w", c.Name, err)
	}
	for _, file := range []struct {
		name   string
		needed bool
		read   func(io.Reader) error
	}{
		{"labels.csv", true, func(r io.Reader) error { return c.Truth.ReadConnections(r, c.Snapshot.Connections) }},
		{"entry-labels.csv", false, func(r io.Reader) error { return c.Truth.ReadEntries(r, c.Snapshot.Len()) }},
		{"unlabelled-attack-ids.csv", false, func(r io.Reader) error { return c.Truth.ReadLeftOut(r, c.Snapshot.Connections) }},
	} {
		in, err := os.Open(filepath.Join(dir, file.name))
		if errors.Is(err, fs.ErrNotExist) && !file.needed {
			continue
		}
		if err == nil {
			err = file.read(in)
			in.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("capture %s: %s: %w", c.Name, file.name, err)
		}
	}
	return c, nil
}
