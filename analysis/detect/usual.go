package detect

import (
	"context"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
)

// saidNormal is the filter of detections of what was declared normal, in the place of
// one of the site.
var saidNormal = &rule.Filter{Title: "This is normal", Reason: "said to be normal"}

// WithUsual returns detections with those set aside all of whose entries were declared
// normal, as the history has it, and no others. The list that it is given is not
// written to; its error is ctx.Err().
func WithUsual(ctx context.Context, list []Detection, l *loaded.Log, h *principal.History) ([]Detection, error) {
	out := slices.Clone(list)
	for k := range out {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := &out[k]
		if d.Site == saidNormal {
			d.Site, d.Severity = nil, d.Rated
		}
		if d.Site == nil && len(d.Entries) > 0 && !slices.ContainsFunc(d.Entries, func(i uint32) bool { return !usual(l, h, int(i)) }) {
			d.Site, d.Severity = saidNormal, rule.Context
		}
	}
	return out, nil
}

// usual reports whether an entry was declared normal.
func usual(l *loaded.Log, h *principal.History, i int) bool {
	id := l.Connections.Who(int(l.Entries.Connection(i)), i)
	return h.UsualAccount(id.User, id.Host) || h.Usual(h.Number(id.User, id.Host), l.Key(i).Digest)
}
