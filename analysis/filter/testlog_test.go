package filter

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// statements are the texts of a log in memory.
type statements struct {
	texts  [][]byte
	broken int // entry whose text cannot be read; 0 for none
	read   atomic.Int64
}

var errBroken = errors.New("disk on fire")

func (s *statements) Scan(ctx context.Context, from, to int, want func(int) bool, fn func(int, []byte) bool) error {
	if from < 0 || to > len(s.texts) || to-from > store.SpanLen {
		return fmt.Errorf("scan of entries %d to %d of %d", from, to, len(s.texts))
	}
	var lent []byte
	for i := from; i < to; i++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !want(i) {
			continue
		}
		if i == s.broken && i > 0 {
			return errBroken
		}
		s.read.Add(1)
		lent = append(lent[:0], s.texts[i]...)
		more := fn(i, lent)
		clear(lent) // to expose a caller that keeps it
		if !more {
			return nil
		}
	}
	return nil
}

// The vocabulary of test logs and test filters.
var (
	words    = []string{"root", "ROOT", "wp", "my user", `a"b`, "a*b", "\xff\x1b", "Ärger", "äRGER", "K", "\u212a", "wp_users", "wp_posts", "日本", "sleep(5)", "ſ", "s"}
	commands = []string{"-", "Connect", "Query", "Quit", "Init DB"}
	eventIDs = []string{"3f2a0001", "3f2a0002", "3F00aaaa", "deadbeef"}
	digests  = []string{"SELECT a FROM wp_users WHERE root = ?", "SELECT `Ärger` FROM t", "root", "INSERT INTO t VALUES ( ? )", store.Others}
	rules    = []string{"brute-force", "dump", "forged"}
)

// templates returns templates with the given ids.
func templates(ids ...string) (list []loaded.Template) {
	for _, id := range ids {
		list = append(list, loaded.Template{EventID: id})
	}
	return list
}

// testLog makes a log of n entries; text is the statement of each.
func testLog(tb testing.TB, n int, seed uint64) (*Subject, *statements) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 17))
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	var columns store.Columns
	rows := store.NewRows()
	tracker := connection.NewTracker()
	text := &statements{}
	const clusters = 12
	log := &Subject{Text: text, Log: &loaded.Log{Commands: commands, Actions: append([]string{"-"}, words...), Tables: append([]string{"-"}, words...), Digests: append([]string{"-"}, digests...), Templates: templates(eventIDs...)}}
	for range clusters {
		log.TemplateOf = append(log.TemplateOf, int32(rng.IntN(len(eventIDs))))
		var others []string
		for range rng.IntN(3) {
			others = append(others, pick([]string{"", "mysql."})+pick(words))
		}
		log.OtherTables = append(log.OtherTables, others)
	}
	var offset int64
	at := int64(1741784400_000000) // 2025-03-12T13:00:00Z
	id := uint64(1)
	for i := range n {
		command := uint32(1 + rng.IntN(len(commands)-1))
		statement := pick(words)
		for range rng.IntN(4) {
			statement += pick([]string{" ", "", "x", "=", "1"}) + pick(words)
		}
		if rng.IntN(200) == 0 {
			tracker.Banner()
			id, command = 1, 1
		}
		if command == 1 {
			id += uint64(rng.IntN(3))
			statement = pick(words) + "@" + pick(words) + " on " + pick(words) + " using TCP/IP"
			if rng.IntN(4) == 0 {
				statement = pick([]string{"Access denied for user 'root'@'wp' (using password: YES)", "Unknown database 'wp'"})
			}
		}
		conn := tracker.Observe(i, id-uint64(rng.IntN(int(min(id, 4)))), commands[command], []byte(statement))
		key := store.Key{Cluster: int32(rng.IntN(clusters)), Command: command, Action: uint32(rng.IntN(len(log.Actions))), Table: uint32(rng.IntN(len(log.Tables))), Digest: uint32(rng.IntN(len(log.Digests)))}
		shown := at
		if i < n/50 || rng.IntN(100) == 0 {
			shown = store.NoTime
		}
		columns.Append(store.Entry{Offset: offset, Time: shown, Connection: conn, Row: rows.Add(key, i)})
		if i >= n/10 {
			log.Outcomes.Set(i, []int32{-1, 0, 0, 1045, 1064}[rng.IntN(5)])
		}
		text.texts = append(text.texts, []byte(statement))
		offset += int64(len(statement)) + 40
		at += rng.Int64N(7_000_000) - 1_000_000 // now and then back
	}
	log.Entries, log.Rows, log.Connections = columns.View(), rows.Copy(), tracker.View()

	var records []label.Record
	for i := range log.Connections.Len() {
		if c := rng.IntN(8); c < 3 {
			records = append(records, label.Record{Ref: log.Connections.Ref(i), Verdict: label.Verdict{Class: label.StandardClasses()[c], Source: label.ByAnalyst}})
		}
	}
	var err error
	if log.Labels, err = label.NewSet(nil, records); err != nil {
		tb.Fatal(err)
	}
	scores := make([]float64, len(log.Rows))
	for i := range scores {
		scores[i] = float64(rng.IntN(11)) / 10
	}
	log.Isolation = func(row int) float64 { return scores[row] }
	log.Random = func(row int) float64 { return 1 - scores[row] }
	log.Detections = []Detection{{Rule: rules[1]}}
	for range 5 {
		d := Detection{Rule: pick(rules[:2])}
		for range rng.IntN(5) {
			d.Connections = append(d.Connections, uint32(rng.IntN(log.Connections.Len())))
			d.Entries = append(d.Entries, uint32(rng.IntN(n)))
		}
		log.Detections = append(log.Detections, d)
	}
	return log, text
}
