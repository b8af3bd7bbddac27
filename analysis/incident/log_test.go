package incident_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// midnight is when scripts begin, a Monday.
var midnight = time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)

// script is a log that is being written.
type script struct {
	strings.Builder
	now time.Duration // since midnight
	id  int           // of the last connection
}

// at moves the clock.
func (s *script) at(now time.Duration) *script {
	s.now = now
	return s
}

func (s *script) entry(command, text string) *script {
	fmt.Fprintf(s, "%s\t%5d %s\t%s\n", midnight.Add(s.now).Format("2006-01-02T15:04:05.000000Z"), s.id, command, text)
	s.now += 400 * time.Microsecond
	return s
}

// login is a connection that gets in, sends statements and quits; the clock
// advances only by the time that they take.
func (s *script) login(account, database string, statements ...string) *script {
	s.id++
	s.entry("Connect", account+" on "+database+" using TCP/IP")
	for _, text := range statements {
		s.entry("Query", text)
	}
	return s.entry("Quit", "")
}

// refused is a login that is refused.
func (s *script) refused(user, host string) *script {
	s.id++
	return s.entry("Connect", user+"@"+host+" on  using TCP/IP").
		entry("Connect", "Access denied for user '"+user+"'@'"+host+"' (using password: YES)")
}

// analyse reads the script.
func analyse(t testing.TB, log []byte) *pipeline.Snapshot {
	t.Helper()
	set, err := logfile.OpenBytes("test.log", log, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t testing.TB, s *pipeline.Snapshot) []incident.Incident {
	t.Helper()
	list, err := incident.Find(context.Background(), incident.In{Log: &s.Log, Detections: s.Detections})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// findKnown is find for a script, with what is known of everybody in its log.
func findKnown(t testing.TB, s *script) (*pipeline.Snapshot, []incident.Incident) {
	t.Helper()
	snap := analyse(t, []byte(s.String()))
	list, err := incident.Find(context.Background(), incident.In{Log: &snap.Log, Detections: snap.Detections, History: snap.History})
	if err != nil {
		t.Fatal(err)
	}
	return snap, list
}

// expect holds the incidents of a script, as describe lists them, against those wanted.
func expect(t testing.TB, s *script, want string) {
	t.Helper()
	snap, list := findKnown(t, s)
	if got := describe(snap, list); got != want {
		t.Errorf("incidents:\n%swant\n%s", got, want)
	}
}

// ordinary is three days of a shop: its pages, a nightly job and a backup.
func ordinary() *script {
	s := &script{}
	for day := range 3 {
		midnight := time.Duration(day) * 24 * time.Hour
		s.at(midnight+90*time.Minute).login("backup@localhost", "shop",
			"SELECT /*!40001 SQL_NO_CACHE */ * FROM `customers`", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `news`")
		s.at(midnight+2*time.Hour).login("job@10.0.0.7", "shop", "DROP TABLE IF EXISTS stage", "CREATE TABLE stage (id INT)", "DROP TABLE stage")
		for n := range 12 {
			s.at(midnight+8*time.Hour+time.Duration(n)*40*time.Minute).login("web@10.0.0.5", "shop",
				fmt.Sprintf("SELECT id, title FROM news WHERE topic = 'topic%d' ORDER BY id LIMIT 40", n),
				fmt.Sprintf("INSERT INTO search_log (term, hits) VALUES ('topic%d', %d)", n, n))
		}
		s.at(midnight+9*time.Hour).login("anna@10.0.0.20", "shop", "SELECT id, email FROM customers WHERE id = 5")
	}
	return s
}

const noon = 12 * time.Hour

// describe is what a test compares of incidents.
func describe(s *pipeline.Snapshot, list []incident.Incident) string {
	var b strings.Builder
	for _, x := range list {
		var stages []string
		for _, st := range x.Stages {
			stages = append(stages, fmt.Sprintf("%s %d", st.Name, len(st.Connections)))
		}
		fmt.Fprintf(&b, "%s %s %s: %d connections; %s; %s\n", x.Severity, x.Actor.Kind, x.Through, len(x.Connections), x.Asked, strings.Join(stages, ", "))
	}
	return b.String()
}
