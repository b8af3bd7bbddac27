package export

import (
	"time"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
)

// BaselineInputs is what a log was compared with.
type BaselineInputs struct {
	From   *string  `json:"from"`   // of the period, null for none; null too where it has no beginning
	To     *string  `json:"to"`     // the first moment that is not in it
	Inputs []Input  `json:"inputs"` // other logs
	Full   []string `json:"more_than_kept"`
}

// BaselineOf describes the baseline of a snapshot, nil for none.
func BaselineOf(s *pipeline.Snapshot) *BaselineInputs {
	if s.History == nil || s.History.Baseline == nil {
		return nil
	}
	b := s.History.Baseline
	out := &BaselineInputs{Inputs: []Input{}, Full: append([]string{}, b.Full...)}
	bound := func(micros int64) *string {
		t := time.UnixMicro(micros).UTC()
		if b.To == 0 || t.Year() < 1 || t.Year() > 9999 {
			return nil
		}
		text := t.Format(time.RFC3339Nano)
		return &text
	}
	out.From, out.To = bound(b.From), bound(b.To)
	for k := range b.Files {
		in := inputOf(&b.Files[k])
		in.forJSON()
		out.Inputs = append(out.Inputs, in)
	}
	return out
}

// novelColumns are the columns of novel.csv.
func novelColumns(s *pipeline.Snapshot) []column[*principal.Novelty] {
	type row = *principal.Novelty
	return []column[row]{
		own("kind", func(n row) string { return n.Kind.String() }),
		logged("user", func(n row) string { return n.User }),
		logged("host", func(n row) string { return n.Host }),
		own("digest_sha256", func(n row) string { return n.Hash }),
		number("entries", func(n row) int64 { return int64(n.Entries) }),
		number("connections", func(n row) int64 { return int64(n.Connections) }),
		number("first_entry", func(n row) int64 { return int64(n.First) + 1 }),
		dated("first", func(n row) store.Moment { return n.FirstTime }),
		number("half_hours", func(n row) int64 { return int64(n.HalfHours) }),
		number("of_half_hours", func(n row) int64 { return int64(n.Of) }),
		own("account_is_new", func(n row) string {
			if n.Whole {
				return "yes"
			}
			return "no"
		}),
		logged("name", func(n row) string { return n.Name }),
		own("zone", func(row) string { return Zone(s) }),
		logged("server", func(n row) string { return s.ServerName(s.ServerOf(n.First)) }),
	}
}

// forJSON makes the texts of an input such that JSON can hold them.
func (in *Input) forJSON() {
	in.Archive, in.Server = visible.JSON(in.Archive), visible.JSON(in.Server)
	in.Name, in.Wrapper, in.Damage, in.Limit = visible.JSON(in.Name), visible.JSON(in.Wrapper), visible.JSON(in.Damage), visible.JSON(in.Limit)
}
