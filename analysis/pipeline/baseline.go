package pipeline

import (
	"context"
	"fmt"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/principal"
)

// Baseline is what the behaviour of principals is compared with; the zero value is the
// log itself.
type Baseline struct {
	// From and To are a quiet period of the log, in microseconds since 1970, To not
	// included; both 0 for none.
	From, To int64
	Logs     []string // other logs
	Files    logfile.Options
}

// learn reads the other logs of a baseline, one after the other, with the options of
// cfg. It returns nil where there is nothing to compare with.
func (b *Baseline) learn(ctx context.Context, cfg Config) (*principal.Baseline, error) {
	if b.To == 0 && len(b.Logs) == 0 {
		return nil, nil
	}
	cfg.Order = nil // of the log alone
	out := &principal.Baseline{From: b.From, To: b.To}
	for _, path := range b.Logs {
		if err := b.add(ctx, cfg, path, out); err != nil {
			// The error names the file.
			return nil, fmt.Errorf("baseline: %w", err)
		}
	}
	return out, nil
}

func (b *Baseline) add(ctx context.Context, cfg Config, path string, out *principal.Baseline) error {
	set, err := logfile.Open([]string{path}, b.Files)
	if err != nil {
		return err
	}
	defer set.Close()
	s, err := read(ctx, cfg, set, func(Event) {})
	if err != nil {
		return err
	}
	h, err := principal.Learn(ctx, &s.Log, principal.Options{})
	if err != nil {
		return err
	}
	out.Add(h)
	return nil
}
