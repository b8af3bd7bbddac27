package pipeline

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
)

// What is declared normal is so at once for all that is alike, and what is reverted
// is as if it had not been declared.
func TestThisIsNormal(t *testing.T) {
	var log strings.Builder
	for day := range 4 {
		fmt.Fprintf(&log, "2025-01-%02dT10:00:00.000000Z\t%5d Connect\tapp@10.0.0.5 on shop using TCP/IP\n", day+1, day+1)
		fmt.Fprintf(&log, "2025-01-%02dT10:00:01.000000Z\t%5d Query\tSELECT name FROM item WHERE id = 1\n", day+1, day+1)
	}
	for k := range 3 { // alike, in connections of their own
		fmt.Fprintf(&log, "2025-01-05T10:0%d:00.000000Z\t%5d Connect\tapp@10.0.0.5 on shop using TCP/IP\n", k, 10+k)
		fmt.Fprintf(&log, "2025-01-05T10:0%d:01.000000Z\t%5d Query\tSELECT * FROM orders INTO OUTFILE '/srv/www/%d.php'\n", k, 10+k, k)
	}
	cfg := DefaultConfig()
	cfg.Params.Trees = 2
	s, err := Run(context.Background(), cfg, openText(t, log.String()), nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprintf("%+v", s.Detections)
	grave := func(s *Snapshot) (n int) {
		for _, d := range s.Detections {
			if d.Severity >= rule.Medium {
				n++
			}
		}
		return n
	}
	if grave(s) == 0 || len(s.Novel.List) == 0 {
		t.Fatalf("%d detections, %d new", grave(s), len(s.Novel.List))
	}
	k := slices.IndexFunc(s.Detections, func(d detect.Detection) bool { return d.Severity >= rule.Medium })
	hash := loaded.DigestHash(s.Digest(int(s.Detections[k].Entries[0])))
	for name, u := range map[string]label.Usual{
		"a digest": {User: "app", Host: "10.0.0.5", Digest: hash}, "an account": {User: "app", Host: "10.0.0.5"}, "a host": {Host: "10.0.0.5"},
	} {
		b := label.NewBook(label.Set{})
		if _, err := b.Declare([]label.Usual{u}, time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		said, err := Judge(context.Background(), cfg.Params, s, b.Set(), quiet)
		if err != nil {
			t.Fatal(err)
		}
		if n := grave(said); n != 0 {
			t.Errorf("%s: %d detections are as grave as before: %+v", name, n, said.Detections)
		}
		if got := said.Novel.Total; got >= s.Novel.Total {
			t.Errorf("%s: %d are new still", name, got)
		}
		odd := s.Entries.Connection(int(s.Detections[k].Entries[0]))
		if was, is := s.Ranking.Score(odd), said.Ranking.Score(odd); was <= 0.5 || is >= 0.5 {
			t.Errorf("%s: connection %d has score %.3f, before %.3f", name, odd, is, was)
		}
		b.Undo()
		back, err := Judge(context.Background(), cfg.Params, said, b.Set(), quiet)
		if err != nil {
			t.Fatal(err)
		}
		if after := fmt.Sprintf("%+v", back.Detections); after != before || !reflect.DeepEqual(back.Novel, s.Novel) || !reflect.DeepEqual(back.Ranking.First(), s.Ranking.First()) {
			t.Errorf("%s: undone it is not as before", name)
		}
	}
	if fmt.Sprintf("%+v", s.Detections) != before {
		t.Error("the snapshot before was written to")
	}
}
