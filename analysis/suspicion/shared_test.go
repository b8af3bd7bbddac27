package suspicion_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
)

// From a host that many people share somebody guesses. A mistake of one of them, who gets
// in shortly after and comes every day, is no guess, and whoever came there before is none
// of the guesser's connections.
func TestMistakeAtASharedHost(t *testing.T) {
	type entry struct {
		at   time.Time
		text string
	}
	var log []entry
	id := 0
	add := func(at time.Time, lines ...string) {
		id++
		for k, line := range lines {
			log = append(log, entry{at, fmt.Sprintf("%s\t%5d %s\n", at.Add(time.Duration(k)*time.Millisecond).Format("2006-01-02T15:04:05.000000Z"), id, line)})
		}
	}
	login := func(at time.Time, user string) {
		add(at, "Connect\t"+user+"@10.0.0.8 on shop using TCP/IP", "Query\tSHOW TABLES", "Quit\t")
	}
	refuse := func(at time.Time, user string) string {
		text := "Access denied for user '" + user + "'@'10.0.0.8' (using password: YES)"
		add(at, "Connect\t"+user+"@10.0.0.8 on  using TCP/IP", "Connect\t"+text)
		return fmt.Sprint(id)
	}
	start := time.Date(2025, 3, 3, 8, 0, 0, 0, time.UTC)
	mistake := refuse(start.Add(time.Hour), "carla")
	for day := range 5 {
		for k, user := range []string{"anna", "ben", "carla", "dora"} {
			login(start.Add(time.Duration(day)*24*time.Hour+time.Hour+time.Duration(k)*10*time.Second), user)
		}
	}
	var guesses []string
	for k := range 90 {
		guesses = append(guesses, refuse(start.Add(50*time.Hour+time.Duration(k)*time.Minute), fmt.Sprintf("user%d", k%9)))
	}
	slices.SortStableFunc(log, func(a, b entry) int { return a.at.Compare(b.at) })
	var text strings.Builder
	for _, e := range log {
		text.WriteString(e.text)
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", path)
	for c := range s.Connections.Len() {
		name, score := s.Connections.Name(c), s.Ranking.Score(uint32(c))
		if hostile := slices.Contains(guesses, name); hostile != (score > 0.5) {
			t.Errorf("connection %s, a guess %v, a mistake %v, has %.3f: %q", name, hostile, name == mistake, score, s.Ranking.Reasons()(uint32(c)))
		}
	}
}
