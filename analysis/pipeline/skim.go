package pipeline

import (
	"context"

	"sqleuth/analysis/logfile"
)

// Skim reads a set to its end without looking for entries, in the order in which Run
// reads it, so that its files have their SHA-256 digests. tick is called now and then.
func Skim(ctx context.Context, cfg Config, set *logfile.Set, tick func()) error {
	if err := unpack(ctx, set, tick); err != nil {
		return err
	}
	if _, err := orderFiles(ctx, set, cfg); err != nil {
		return err
	}
	return set.Read(ctx, func(b *logfile.Block) error {
		b.Release()
		tick()
		return nil
	})
}
