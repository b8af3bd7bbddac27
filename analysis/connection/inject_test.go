package connection_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
)

const shortBanner = "./mysqld, Version: 5.6.24-log (MySQL Community Server (GPL)). started with:\nTcp port: 3356  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument\n"

// records cuts a log before each of its headers; banners stay with the record that
// follows them.
func records(log []byte) (list [][]byte, heads []genlog.Record) {
	var cov genlog.Coverage
	var starts []int
	genlog.Scan(genlog.Chunk{Data: log, First: true, Last: true}, &cov, genlog.Handler{Record: func(r *genlog.Record) {
		starts = append(starts, int(r.Offset)+len(r.Raw))
		h := *r
		h.Raw, h.Argument, h.Command = bytes.Clone(r.Raw), bytes.Clone(r.Argument), bytes.Clone(r.Command)
		heads = append(heads, h)
	}})
	from := 0
	for _, to := range starts {
		list = append(list, log[from:to])
		from = to
	}
	return list, heads
}

// forgery makes text that looks like a stretch of log, for the inside of a quote,
// and returns how many entries it looks like.
func forgery(rng *rand.Rand, highest uint64) (text string, entries int) {
	ids := []uint64{1, 2, 3, 17, 19, highest, highest + 1, highest + 2, max(highest, 3) - 2, 1 + rng.Uint64N(100), 9999}
	id := ids[rng.IntN(len(ids))]
	for range 1 + rng.IntN(6) {
		if rng.IntN(3) == 0 {
			text += "\n" + shortBanner[:len(shortBanner)-1]
			if rng.IntN(2) == 0 {
				id = 1
			}
		}
		if rng.IntN(3) == 0 {
			id = ids[rng.IntN(len(ids))]
		}
		text += fmt.Sprintf("\n\t\t%5d %s", id, []string{
			"Connect\tmallory@10.6.6.6 on mysql", "Connect\tmallory@10.6.6.6 on", "Query\tDROP TABLE users", "Quit\t", "Init DB\tmysql",
			"Shutdown\t", "Change user\tmallory@10.6.6.6 on mysql", "Connect\tmallory@10.6.6.6 on mysql",
		}[rng.IntN(8)])
		entries++
	}
	return text, entries
}

// identity is what is known of the connection of an entry.
type identity struct {
	name, user, host, database, reason string
	outcome                            connection.Outcome
	changed                            bool
}

func identify(v connection.View, c uint32) identity {
	k := v.At(int(c))
	return identity{fmt.Sprintf("%d@%d", k.ID, k.Epoch), v.Text(k.User), v.Text(k.Host), v.Text(k.Database), v.Text(k.Reason), k.Outcome, k.Changed}
}

// Whatever is written inside a quote or comment of a statement, all other
// entries keep their connections, and these what is known of them.
func TestTextOfAStatementChangesNothing(t *testing.T) {
	log, err := os.ReadFile("../../testdata/mysql56/general.log")
	if err != nil {
		t.Fatal(err)
	}
	parts, heads := records(log)
	tracker := connection.NewTracker()
	of := follow(log, tracker)
	view := tracker.View()
	want := make([]identity, len(of))
	highest := make([]uint64, len(of)) // of the run, so far
	var queries []int
	restart := 0
	for i, c := range of {
		want[i] = identify(view, c)
		highest[i] = heads[i].ID
		if i > 0 && view.At(int(c)).Epoch == view.At(int(of[i-1])).Epoch {
			highest[i] = max(highest[i], highest[i-1])
		}
		if i > 0 && view.At(int(c)).Epoch > view.At(int(of[i-1])).Epoch {
			restart = i
		}
		if string(heads[i].Command) == "Query" {
			queries = append(queries, i)
		}
	}
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 56))
		places := map[int]bool{}
		atRestart := false
		for range 1 + rng.IntN(4) {
			place := queries[rng.IntN(len(queries))]
			// Two forged texts close to a true restart can hide it for a while.
			if close := place > restart-40 && place < restart+40; !close || !atRestart {
				places[place] = true
				atRestart = atRestart || close
			}
		}
		var forged bytes.Buffer
		var honest []int // the entries of the forged log that are in the true one
		n := 0
		for i, part := range parts {
			honest = append(honest, n)
			n++
			if !places[i] {
				forged.Write(part)
				continue
			}
			forged.Write(bytes.TrimRight(part, "\n"))
			text, more := forgery(rng, highest[i])
			quotes := [][2]string{{"'", "'"}, {`"`, `"`}, {"`", "`"}, {"/*", "*/"}}[rng.IntN(4)]
			forged.WriteString(" AND " + quotes[0] + text + quotes[1] + "\n")
			n += more
		}
		forger := connection.NewTracker()
		got := follow(forged.Bytes(), forger)
		if len(got) != n {
			t.Fatalf("seed %d: %d entries, want %d", seed, len(got), n)
		}
		v := forger.View()
		if v.Runs != view.Runs {
			t.Errorf("seed %d: %d server runs, want %d", seed, v.Runs, view.Runs)
		}
		refs := map[label.Ref]bool{}
		for k := range v.Len() {
			refs[v.Ref(k)] = true
		}
		if len(refs) != v.Len() {
			t.Errorf("seed %d: %d connections have %d names", seed, v.Len(), len(refs))
		}
		same, back := map[uint32]uint32{}, map[uint32]uint32{}
		failed := 0
		for i, at := range honest {
			k, seen := same[of[i]]
			b, taken := back[got[at]]
			id := identify(v, got[at])
			if id.database == "-" {
				// An Init DB in doubt is not taken; it is never another one.
				id.database = want[i].database
			}
			if id.outcome == connection.Pending && want[i].outcome == connection.Failed {
				// Logged before the attempt, the failure went with what was forged.
				id.outcome, id.reason = want[i].outcome, want[i].reason
			}
			if id != want[i] || seen && k != got[at] || taken && b != of[i] {
				t.Errorf("seed %d: entry %d of %+v is of %+v", seed, i, want[i], id)
				if failed++; failed > 3 {
					break
				}
			}
			same[of[i]], back[got[at]] = got[at], of[i]
		}
		if t.Failed() {
			t.Fatalf("forged behind entries %v", slices.Sorted(maps.Keys(places)))
		}
	}
}
