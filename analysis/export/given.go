package export

import (
	"slices"
	"time"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// givenBy counts labels by what gave them, and names who did.
type givenBy struct {
	Sources  map[string]int `json:"by_source"`
	Analysts []string       `json:"analysts"`
}

func givenByOf(s *pipeline.Snapshot) givenBy {
	out := givenBy{map[string]int{}, []string{}}
	for r := range s.Truth.Labels.All() {
		if r.Verdict.Class == "" {
			continue
		}
		out.Sources[r.Verdict.Source.String()]++
		if name := visible.JSON(r.Verdict.Analyst); name != "" && !slices.Contains(out.Analysts, name) {
			out.Analysts = append(out.Analysts, name)
		}
	}
	slices.Sort(out.Analysts)
	return out
}

// Usual is something that was declared normal.
type Usual struct {
	User    string `json:"user"` // empty for all of a host
	Host    string `json:"host"`
	Digest  string `json:"digest_sha256"` // empty for all that the account does
	Analyst string `json:"analyst"`
	At      string `json:"at"`
	Why     string `json:"why"`
	From    string `json:"from"` // whose case it came with
}

// UsualOf lists what was declared normal.
func UsualOf(s *pipeline.Snapshot) []Usual {
	out := []Usual{}
	if s.Truth == nil {
		return out
	}
	for _, u := range s.Truth.Labels.Usual() {
		out = append(out, Usual{visible.JSON(u.User), visible.JSON(u.Host), visible.JSON(u.Digest), visible.JSON(u.Analyst), u.At.Format(time.RFC3339Nano), visible.JSON(u.Why), visible.JSON(u.From)})
	}
	return out
}
