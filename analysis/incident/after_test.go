package incident_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
)

// withText is find with the texts of the log's statements.
func withText(t *testing.T, log string) (*pipeline.Snapshot, []incident.Incident) {
	t.Helper()
	s := analyse(t, []byte(inOrder(log)))
	return s, s.Incidents
}

// said returns all that is reported to have come after an incident.
func said(x incident.Incident) string {
	var list []string
	for _, a := range x.After {
		list = append(list, a.Words)
	}
	return strings.Join(list, "; ")
}

// injected is a shop into which three statements are put, each followed by what the
// shop writes then: so many hits, and how long it was silent.
func injected(hits int, silent time.Duration) string {
	s := ordinary()
	page := "SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40"
	for k, text := range []string{"x' UNION SELECT user(),version() -- ", "x' UNION SELECT email,pw_hash FROM customers -- ", "x' AND SLEEP(5) -- "} {
		s.at(60*time.Hour + time.Duration(k)*time.Minute)
		s.id++
		s.entry("Connect", "web@10.0.0.5 on shop using TCP/IP").entry("Query", fmt.Sprintf(page, text))
		if k == 2 {
			s.now += silent
		}
		s.entry("Query", fmt.Sprintf("INSERT INTO search_log (term, hits) VALUES ('it''s, (x', %d)", hits)).
			entry("Query", "UPDATE sessions SET customer_id = 7, basket = '' WHERE sid = 'a'").entry("Quit", "")
	}
	return s.String()
}

// TestValuesAndSilences: what the page writes next is reported, and only that.
func TestValuesAndSilences(t *testing.T) {
	_, list := withText(t, injected(40, 5*time.Second))
	if len(list) != 1 {
		t.Fatalf("%d incidents", len(list))
	}
	got := said(list[0])
	for _, want := range []string{"search_log.hits = 40 (3 times)", "sessions.customer_id = 7 (3 times)", "after the statement with SLEEP the connection was silent for as long as was asked for"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said: %s", want, got)
		}
	}
	for _, a := range list[0].After {
		if len(a.Then) == 0 || a.Then[0] <= a.Entries[0] {
			t.Errorf("%q rests on %v behind %v", a.Words, a.Then, a.Entries)
		}
	}
	if kind := list[0].After[0].Kind; kind != incident.Waited {
		t.Errorf("kind %d is first", kind)
	}
	for silent, want := range map[time.Duration]string{
		0:           "; after the statement with SLEEP the connection was not silent for as long as was asked for, <1ms at most",
		time.Minute: "sessions.customer_id = 7 (3 times)", // which may have any reason
	} {
		_, list = withText(t, injected(40, silent))
		if got := said(list[0]); !strings.HasSuffix(got, want) {
			t.Errorf("where it was silent for %s it is said: %s", silent, got)
		}
	}
}

// TestChangedBehindAnother: what a statement behind one of the application's changes is
// named, the tables that the application's own reads are not.
func TestChangedBehindAnother(t *testing.T) {
	for put, want := range map[string]string{
		"update products set price = 1":                        "UPDATE of table products behind another statement",
		"insert into banners (url) values ('x')":               "INSERT into table banners behind another statement",
		"drop table products":                                  "DROP of table products behind another statement",
		"insert into staff (login, role) values ('x', 'boss')": "write passwords or rights into table staff behind another statement",
	} {
		s := ordinary()
		s.at(60*time.Hour).login("web@10.0.0.5", "shop", "SELECT id, title FROM news WHERE topic = 'x'; "+put+" -- ' ORDER BY id LIMIT 40",
			"SELECT id, title FROM news WHERE topic = 'x' UNION SELECT user(),version() -- ' ORDER BY id LIMIT 40")
		_, list := withText(t, s.String())
		if len(list) != 1 || !strings.Contains(list[0].Asked, want) || strings.Contains(list[0].Asked, "news") {
			t.Errorf("%s: %+v, want %q", put, list, want)
		}
	}
}

// TestMissingTables: a client that lists the tables of a database behind a DROP.
func TestMissingTables(t *testing.T) {
	for left, want := range map[string]string{"README_RANSOM": "names tables readme_ransom, news, but not the one that was to be dropped", "customers": "still names all that were to be dropped", "": ""} {
		s := ordinary()
		s.at(noon).login("root@192.0.2.7", "shop", "DROP TABLE shop.customers",
			"CREATE TABLE README_RANSOM (message TEXT)", "INSERT INTO README_RANSOM VALUES ('Your data is backed up. Send 0.1 BTC to recover it: x@evil.example')")
		if left != "" {
			s.at(noon+time.Hour).login("anna@10.0.0.20", "shop")
			s.id++
			s.entry("Connect", "anna@10.0.0.20 on shop using TCP/IP").entry("Field List", left+" ").entry("Field List", "news ").entry("Quit", "")
		}
		_, list := withText(t, s.String())
		if got := said(list[0]); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s is left, and it is said: %q, want %q", left, got, want)
		}
	}
}

// TestTwin: beside an injected statement is an honest one, and the part that it
// lacks is what was added.
func TestTwin(t *testing.T) {
	s, list := withText(t, injected(40, 0))
	if len(list[0].Twins) == 0 {
		t.Fatal("no twin is found")
	}
	for _, w := range list[0].Twins {
		conn := int(s.Entries.Connection(int(w.Honest)))
		if slices.Contains(list[0].Connections, uint32(conn)) {
			t.Errorf("the twin of entry %d, %d, is of the incident", w.Entry, w.Honest)
		}
		from, to := strings.Index(w.Excerpt, "["), strings.LastIndex(w.Excerpt, "]")
		if added := w.Excerpt[from+1 : to]; !strings.Contains(added, "UNION") && !strings.Contains(added, "SLEEP") || strings.Contains(added, "ORDER BY") || strings.Contains(added, "topic =") {
			t.Errorf("added is %q in %q", added, w.Excerpt)
		}
	}
}
