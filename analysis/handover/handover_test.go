package handover

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// analyse reads a log in memory.
func analyse(t testing.TB, log string) (*pipeline.Snapshot, pipeline.Text) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s, pipeline.NewText(set)
}

// both returns the report of a snapshot in both forms.
func both(t testing.TB, s *pipeline.Snapshot, text pipeline.Text) (page, marked string) {
	t.Helper()
	d, err := Build(context.Background(), s, text, Options{Version: "test", Settings: []Setting{{"seed", "42"}}})
	if err != nil {
		t.Fatal(err)
	}
	var h, m bytes.Buffer
	if err := HTML(&h, d); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&m, d); err != nil {
		t.Fatal(err)
	}
	return h.String(), m.String()
}

// writer writes a log.
type writer struct {
	strings.Builder
	minute, id int
}

func (w *writer) entry(command, text string) {
	fmt.Fprintf(w, "2025-03-%02dT%02d:%02d:00.000000Z\t%5d %s\t%s\n", 3+w.minute/1440, w.minute/60%24, w.minute%60, w.id, command, text)
}

// connection is one that gets in and sends statements.
func (w *writer) connection(account string, statements ...string) {
	w.minute++
	w.id++
	w.entry("Connect", account+" on shop using TCP/IP")
	for _, s := range statements {
		w.entry("Query", s)
	}
	w.entry("Quit", "")
}

func (w *writer) refused(user, host string) {
	w.minute++
	w.id++
	w.entry("Connect", user+"@"+host+" on  using TCP/IP")
	w.entry("Connect", "Access denied for user '"+user+"'@'"+host+"' (using password: YES)")
}

// robbery is a log in which somebody guesses root's password from outside and from the
// host of the shop's own application, and drops tables; names is how hosts, users,
// tables and values are called.
func robbery(attacker, user, table, value string) string {
	w := &writer{}
	for range 3 {
		for range 40 {
			w.connection("shop@198.51.100.20", "SELECT name, price FROM products WHERE id = 17", "SELECT id FROM customers WHERE email = 'a@b.example'")
		}
		w.connection("root@localhost", "SHOW STATUS")
		w.minute += 1300
	}
	for range 30 {
		w.refused(user, attacker)
	}
	w.connection(user+"@"+attacker, "SHOW DATABASES", "SELECT * FROM mysql.user", "SELECT * FROM "+table, "DROP TABLE "+table, "SELECT '"+value+"' INTO OUTFILE '/var/www/html/x.php'")
	w.connection("shop@198.51.100.20", "SELECT name, price FROM products WHERE id = 18")
	return w.String()
}

// Page one answers who, when, how, what for, and what is not known; who has honest
// traffic is not named for locking or blocking.
func TestPageOne(t *testing.T) {
	s, text := analyse(t, robbery("203.0.113.9", "root", "customers", "<?php x();"))
	if len(s.Incidents) == 0 {
		t.Fatal("no incident: nothing is tested")
	}
	_, marked := both(t, s, text)
	first, _, _ := strings.Cut(marked, "\n## 2. ")
	for _, want := range []string{
		"**Critical.** Somebody logged in to the server as `root` from `203.0.113.9` after 30 refused logins",
		"| **When** | ", "| **Uncertain** | ",
		"**Passwords to change:** of the server's account `root`",
		"**Addresses to block:** `203.0.113.9`;",
		"**Do not lock** `root`: it is used from `localhost` too (3 connections), in no incident",
		"Whether they worked, and what was sent back, is not in this log.",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("page one lacks %q:\n%s", want, first)
		}
	}
	for _, line := range strings.Split(first, "\n") {
		if strings.Contains(line, "Addresses to block") && strings.Contains(line, "198.51.100.20") || strings.Contains(line, "Lock until") {
			t.Errorf("an honest account or host is named: %s", line)
		}
	}
}

// An address that is used honestly too is never named for blocking, nor its account for
// locking.
func TestHonestTrafficIsNotBlocked(t *testing.T) {
	s, text := analyse(t, robbery("198.51.100.20", "shop", "customers", "x"))
	for _, form := range []func() string{func() string { a, _ := both(t, s, text); return a }, func() string { _, b := both(t, s, text); return b }} {
		if page := form(); strings.Contains(page, "Addresses to block") || strings.Contains(page, "Lock until") {
			t.Errorf("the application's own host or account is to be blocked:\n%s", page)
		}
	}
	if placeOf("127.0.0.1") != itself || placeOf("::1") != itself || placeOf("localhost") != itself || placeOf("192.168.3.4") != inside || placeOf("203.0.113.9") != outside || placeOf("db.example") != outside {
		t.Error("places of hosts are wrong")
	}
}

// What an exhibit has of its bytes is true of the log.
func TestExhibitsAreInTheLog(t *testing.T) {
	log := robbery("203.0.113.9", "root", "customers", "<?php x();")
	s, text := analyse(t, log)
	_, marked := both(t, s, text)
	place := regexp.MustCompile(`line ([0-9,]+), byte ([0-9,]+), length ([0-9,]+) · SHA&#45;256 ([0-9a-f]{64})|line ([0-9,]+), byte ([0-9,]+), length ([0-9,]+) · SHA-256 ([0-9a-f]{64})`)
	number := func(text string) int { n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", "")); return n }
	found := place.FindAllStringSubmatch(marked, -1)
	if len(found) < 5 {
		t.Fatalf("%d exhibits", len(found))
	}
	for _, m := range found {
		line, at, size := number(m[5]), number(m[6]), number(m[7])
		sum := sha256.Sum256([]byte(log[at : at+size]))
		if hex.EncodeToString(sum[:]) != m[8] || strings.Count(log[:at], "\n")+1 != line {
			t.Errorf("%s: not in the log", m[0])
		}
	}
	// Every link leads somewhere, and every exhibit is cited.
	links := regexp.MustCompile(`\]\(#(e[0-9]+)\)`).FindAllStringSubmatch(marked, -1)
	cited := map[string]bool{}
	for _, l := range links {
		cited[l[1]] = true
		if !strings.Contains(marked, "\n### "+strings.ToUpper(l[1])+"\n") {
			t.Errorf("%s leads nowhere", l[0])
		}
	}
	if len(cited) != len(found) {
		t.Errorf("%d exhibits, %d are cited", len(found), len(cited))
	}
}

// The same snapshot gives the same bytes.
func TestSameBytes(t *testing.T) {
	s, text := analyse(t, robbery("203.0.113.9", "root", "customers", "x"))
	h1, m1 := both(t, s, text)
	h2, m2 := both(t, s, text)
	if h1 != h2 || m1 != m2 {
		t.Error("two reports of one snapshot differ")
	}
}

// A log in which nothing happened has a report that does not claim that nothing did.
func TestQuietLog(t *testing.T) {
	w := &writer{}
	for range 20 {
		w.connection("shop@198.51.100.20", "SELECT 1")
	}
	s, text := analyse(t, w.String())
	page, marked := both(t, s, text)
	for _, report := range []string{page, marked} {
		if !strings.Contains(report, "does not prove that none took place") {
			t.Errorf("a quiet log: %s", report)
		}
	}
	checkHTML(t, page)
	checkMarkdown(t, marked)
}

func TestCarrier(t *testing.T) {
	if got := carrier("SELECT id FROM t WHERE a = ?"); got != "SELECT id FROM t WHERE …" {
		t.Errorf("carrier %q", got)
	}
	if got := carrier("SHOW TABLES"); got != "" {
		t.Errorf("carrier of what is none: %q", got)
	}
}

func TestEveryStageHasWords(t *testing.T) {
	for s := range incident.StageName(len(stageWords)) {
		if stageWords[s] == "" {
			t.Errorf("no words for %v", s)
		}
	}
	if len(stageWords) != int(incident.CoveringTracks)+1 {
		t.Errorf("words for %d stages", len(stageWords))
	}
}

func TestMixed(t *testing.T) {
	for sentence, want := range map[string]string{
		"read staff, mysql.user (all)":  "read staff, [mysql.user] (all)",
		"after SLEEP(5) it was silent":  "after [SLEEP(5)] it was silent",
		"a.b = 0 (4), 1 (2)":            "[a.b] = 0 (4), 1 (2)",
		"it's <b>here</b>":              "it's [<b>here</b>]",
		"1.2s from 03:04:05 on 1.2.3.4": "1.2s from 03:04:05 on [1.2.3.4]",
	} {
		got := ""
		for _, s := range mixed(sentence) {
			if s.Kind == Quoted {
				got += "[" + s.Text + "]"
			} else {
				got += s.Text
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

// What was put into a statement is marked in the page, and the exhibit's text is whole.
func TestAddedPartIsMarked(t *testing.T) {
	s, text := analyse(t, injected(false))
	if len(s.Incidents[0].Twins) == 0 {
		t.Fatal("no statement has an honest twin: nothing is tested")
	}
	page, marked := both(t, s, text)
	if !strings.Contains(page, "%<mark>x&#39; UNION ALL SELECT email, pw_hash FROM customers -- </mark>%") {
		t.Errorf("the added part is not marked:\n%s", page[strings.Index(page, `id="E1"`):])
	}
	if !strings.Contains(marked, "%x' UNION ALL SELECT email, pw_hash FROM customers -- %") {
		t.Error("the exhibit lacks its text")
	}
}

// How much is asked for through an application is read from what was put in: questions
// of a bit each are no reading of rows, what the application reads itself is its own, and
// rights are no passwords.
func TestAskedThroughAnApplication(t *testing.T) {
	w := &writer{}
	search := func(text string) string {
		return "SELECT id, name FROM products WHERE active = 1 AND name LIKE '%" + text + "%' ORDER BY name"
	}
	for range 3 {
		for range 60 {
			w.connection("shop@10.0.0.5", search("lamp"))
		}
		w.minute += 1300
	}
	w.connection("shop@10.0.0.5", search("x' UNION ALL SELECT email, pw_hash FROM customers -- "))
	w.connection("shop@10.0.0.5", search("x' UNION ALL SELECT 1, super_priv FROM mysql.user WHERE user = 'shop' -- "))
	for k := range 40 {
		w.connection("shop@10.0.0.5", search(fmt.Sprintf("x' AND ORD(MID((SELECT pw_hash FROM staff ORDER BY id LIMIT 0,1),%d,1))>64 -- ", k+1)))
	}
	s, text := analyse(t, w.String())
	if len(s.Incidents) == 0 || s.Incidents[0].Actor.Kind != incident.Account {
		t.Fatalf("no incident of an account: %+v", s.Incidents)
	}
	_, marked := both(t, s, text)
	_, marked, _ = strings.Cut(marked, "| **Tables asked for** |")
	for _, want := range []string{
		" `shop.customers` as a whole, `mysql.user` in part, `shop.staff` by yes-or-no questions; section 4",
		"of everybody in `shop.customers`, `shop.staff`, whose passwords",
		"| `shop.customers` | contacts, passwords or hashes | the whole table (1 statement) | A |",
		"| `shop.staff` | passwords or hashes | yes-or-no questions (40 statements) | A |",
	} {
		if !strings.Contains(marked, want) {
			t.Errorf("the report lacks %q:\n%.6000s", want, marked)
		}
	}
	if strings.Contains(marked, "| `shop.products` |") {
		t.Error("what the application reads itself is taken for the actor's")
	}
}

// A log that was asked to go elsewhere is reported, also where no incident has that
// step, and single refused logins do not make an address one to block.
func TestLogMovedAndStrays(t *testing.T) {
	w := &writer{}
	for range 3 {
		for range 40 {
			w.connection("shop@198.51.100.20", "SELECT name FROM products WHERE id = 17")
		}
		w.minute += 1300
	}
	for k := range 12 {
		w.refused("root", fmt.Sprintf("203.0.113.%d", k+1))
		w.minute += 17
	}
	w.connection("root@localhost", "SET GLOBAL general_log_file = '/var/www/html/x.php'", "SET GLOBAL general_log = 'OFF'")
	s, text := analyse(t, w.String())
	if !slices.ContainsFunc(s.Incidents, func(x incident.Incident) bool { return x.Severity < rule.Medium }) {
		t.Fatalf("no incident of strays: %+v", s.Incidents)
	}
	_, marked := both(t, s, text)
	quiet := *s
	quiet.Incidents = nil
	_, without := both(t, &quiet, text)
	for _, line := range strings.Split(marked+without, "\n") {
		if strings.HasPrefix(line, "| Was a log switched off or moved?") && !strings.Contains(line, "asked for") {
			t.Errorf("%s", line)
		}
		if strings.Contains(line, "to block:") && strings.Contains(line, "203.0.113") {
			t.Errorf("a stray is to be blocked: %s", line)
		}
	}
}

// Somebody whose login is not in the log has no address, and got in nowhere that could be shown.
func TestUnknownActor(t *testing.T) {
	s, text := analyse(t, injected(false))
	x := s.Incidents[0]
	x.Actor, x.Severity = incident.Actor{Users: []string{"-"}, Hosts: []string{"-"}}, rule.Low
	x.Through, x.Logins = x.Actor.String(), nil
	unknown := *s
	unknown.Incidents = append(slices.Clone(s.Incidents), x)
	page, marked := both(t, &unknown, text)
	for _, wrong := range []string{"-@-", "before they are blocked"} {
		if strings.Contains(page+marked, wrong) {
			t.Errorf("the report has %q", wrong)
		}
	}
	if !strings.Contains(marked, "an unknown account") {
		t.Error("the report does not name whose incident it is")
	}
}

// A statement is shown beside its honest twin.
func TestHonestTwin(t *testing.T) {
	s, text := analyse(t, injected(false))
	if len(s.Incidents[0].Twins) == 0 {
		t.Fatal("no statement has an honest twin: nothing is tested")
	}
	if _, marked := both(t, s, text); !strings.Contains(marked, " beside ") {
		t.Error("an honest twin is not shown")
	}
}
