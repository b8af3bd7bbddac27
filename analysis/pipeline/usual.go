package pipeline

import (
	"context"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/principal"
)

// accustom returns a snapshot that takes for ordinary what was declared normal, the
// same one where that is what it does already.
func accustom(ctx context.Context, s *Snapshot, labels label.Set) (*Snapshot, error) {
	if s.History == nil {
		return s, nil
	}
	said := labels.Usual()
	list := make([]principal.Usual, len(said))
	for k, u := range said {
		list[k] = principal.Usual{User: u.User, Host: u.Host, Digest: u.Digest}
	}
	h := s.History.WithUsual(list)
	if h.SameUsual(s.History) {
		return s, nil
	}
	n := *s
	n.History = h
	var err error
	if n.Detections, err = detect.WithUsual(ctx, s.Detections, &n.Log, h); err != nil {
		return nil, err
	}
	if n.Novel, err = h.Novel(ctx); err != nil {
		return nil, err
	}
	if err := n.measure(ctx); err != nil {
		return nil, err
	}
	return &n, n.findIncidents(ctx, n.text, s.Incidents)
}
