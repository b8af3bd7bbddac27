package integrity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/rule"
)

// inject adds an honest connection that sends statement, between honest ones.
func inject(banner, statement string) *journal {
	j := quiet(banner)
	j.id++
	j.visit(statement)
	j.visits(60)
	return j
}

// header is a header as an attacker would write it, apart from the id 61 that
// the statement is sent with.
func header(after time.Duration, id int, rest string) string {
	at := quiet("").now.Add(137*time.Microsecond + after)
	return fmt.Sprintf("\n%s%5d %s", at.Format("2006-01-02T15:04:05.000000Z\t"), id, rest)
}

func TestForged(t *testing.T) {
	const (
		login   = "Connect\troot@10.0.0.1 on  using TCP/IP"
		moment  = 50 * time.Microsecond // the statement was sent at 0
		parsed  = "this server logs only what it could parse"
		closing = "the quote or comment closes there"
	)
	open := func(n int) found { return found{integrity.OpenEnded, rule.Context, n, ""} }
	for _, c := range []struct {
		name string
		log  *journal
		want []found
	}{
		{"the plain attempt: an id far ahead", inject(banner57, "SELECT '"+header(moment, 9999, login+"'")), []found{
			{integrity.Forged, rule.High, 1, parsed + ", " + closing + ", id 9999 is far ahead"}, open(1)}},
		{"the same on a server that logs everything", inject(bannerMaria, "SELECT '"+header(moment, 9999, login+"'")), []found{
			{integrity.Forged, rule.Medium, 1, closing + ", id 9999 is far ahead"}, open(1)}},
		{"in a comment", inject(banner57, "SELECT 1 /*"+header(moment, 62, login+" */")), []found{
			{integrity.Forged, rule.High, 1, closing + ", id 62 connects again behind it"}, open(1)}},
		{"plausible in all but the quote", inject(banner57, "SELECT '"+header(moment, 61, "Query\tDROP TABLE t'")), []found{
			{integrity.Forged, rule.Medium, 1, parsed + ", " + closing}, open(1)}},
		{"the same where broken statements are logged", inject(bannerMaria, "SELECT '"+header(moment, 61, "Query\tDROP TABLE t'")), []found{open(2)}},
		{"several entries in double quotes", inject(banner57, `SELECT "`+header(moment, 62, login)+header(moment, 62, "Query\tDROP TABLE t")+header(moment, 62, `Quit`+"\t\"")), []found{
			{integrity.Forged, rule.High, 3, "the 3 entries behind it"}, open(1)}},
		{"an id that never connected, in the past", inject(bannerMaria, "SELECT '"+header(-time.Hour, 1000, "Query\tSELECT 1'")), []found{
			{integrity.Forged, rule.High, 1, "id 1000 never connected, id 1000 is far ahead of those given out before and behind it, its time lies before that of the statement"},
			open(1),
			{integrity.Backwards, rule.Low, 1, "1h00m"},
			{integrity.NeverConnected, rule.Low, 1, "1000"}}},
		{"in the future, under an id that has quit", inject(bannerMaria, "SELECT '"+header(time.Hour, 7, "Query\tSELECT 1'")), []found{
			{integrity.Forged, rule.High, 1, "id 7 had quit before, its time lies behind that of the next entry"},
			open(1),
			{integrity.Backwards, rule.Low, 1, "59m59s"}}},
		{"a login of somebody who is logged in", inject(bannerMaria, "SELECT '"+header(moment, 61, login+"'")), []found{
			{integrity.Forged, rule.Medium, 1, "id 61 was connected already"}, open(1)}},
		{"the statement's own time", inject(bannerMaria, "SELECT '"+header(0, 62, login+"'")), []found{
			{integrity.Forged, rule.High, 1, "equals that of the statement to the microsecond"}, open(1)}},
		{"the form of another server", inject(bannerMaria, "SELECT '\n"+quiet("").now.Format("060102 15:04:05\t")+"   62 "+login+"'"), []found{
			{integrity.MixedForms, rule.Medium, 1, "363 ISO times and 1 of the short form"},
			{integrity.Forged, rule.High, 1, "whole second"}, open(1)}},
		{"a banner", inject(banner57, "SELECT '\n"+banner57+"'"), []found{
			{integrity.Forged, rule.Medium, 0, "the banner behind it may be its text: " + parsed + ", a banner stands before"}, open(1),
			{integrity.Unread, rule.Low, 1, ""}, {integrity.Reopened, rule.Low, 1, ""}}},
		{"a series under one id", func() *journal {
			j := quiet(bannerMaria)
			j.id++
			j.visit("SELECT '"+header(moment, 9999, login+"'"), "SELECT '"+header(10*moment, 9999, "Query\tDROP TABLE t'"))
			j.visits(60)
			return j
		}(), []found{
			{integrity.Forged, rule.Medium, 1, "id 9999 is far ahead"}, open(2),
			{integrity.Forged, rule.Medium, 1, "id 9999 is known from another possible forgery only"}}},
		{"ids that seem to begin again", func() *journal {
			j := newJournal(bannerMaria)
			j.visits(100)
			j.id++
			j.visit("/*" + header(since(j)+moment, 9, login+" */"))
			return j
		}(), []found{
			{integrity.Forged, rule.Medium, 1, closing + ", id 9 had quit before"}, open(1)}},
		{"a login of somebody who is logged in, in no quote", inject(bannerMaria, "SELECT 1"+header(moment, 61, login)), []found{
			{integrity.Forged, rule.Medium, 1, "connection 61 connects again"}}},
		{"his refusal", inject(bannerMaria, "SELECT 1"+header(moment, 61, "Connect\tAccess denied for user 'app'@'10.0.0.1' (using password: YES)")), []found{
			{integrity.Forged, rule.Medium, 1, "connection 61 connects again or is refused"}}},
		{"a restart in no quote", inject(bannerMaria, "SELECT 1\n"+strings.TrimSuffix(bannerMaria, "\n")+header(moment, 9, login)), []found{
			{integrity.Reopened, rule.Low, 1, ""},
			{integrity.Forged, rule.Medium, 1, "connection 9@1000001 seems to begin a server run"}}},
		{"a statement with a header and a closed quote before it", inject(banner57, "SELECT 'a'\n -- '"+strings.TrimSpace(header(moment, 9999, login))), nil},
		{"probes for injections where broken statements are logged", func() *journal {
			j := quiet(bannerMaria)
			for range 40 {
				j.id++
				j.visit("SELECT a FROM t WHERE id = '1''", "SELECT a FROM t WHERE id = '1'' AND 1=1", "SELECT 2")
				j.visits(1)
			}
			return j
		}(), []found{open(80)}},
		{"so many where they should not be logged that it must be the lexer", func() *journal {
			j := quiet(banner57)
			for range 40 {
				j.id++
				j.visit("SELECT 'a", "SELECT 'b", "SELECT 3")
			}
			return j
		}(), []found{open(80)}},
		{"a moment's disorder behind a broken statement", func() *journal {
			j := quiet(bannerMaria)
			j.id++
			j.entry(j.id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
			j.entry(j.id, "Query", "SELECT 'a")
			j.now = j.now.Add(-time.Millisecond)
			j.id++
			j.visit("SELECT 1")
			return j
		}(), []found{open(1)}},
		{"a broken statement of a session that was not seen to connect", func() *journal {
			j := quiet(bannerMaria)
			j.id++
			j.entry(j.id, "Query", "SELECT 'a")
			j.entry(j.id, "Query", "SELECT 2")
			j.now = j.now.Add(10 * time.Second)
			j.visits(1)
			return j
		}(), []found{{integrity.NeverConnected, rule.Low, 1, ": 61;"}, open(1)}},
		{"an ISO time in a log of short ones", func() *journal {
			s := newShort(bannerMaria)
			s.visits(60)
			s.WriteString("\t\t    60 Query\tSELECT '\n" + s.now.Add(-10*time.Second).Format("2006-01-02T15:04:05.000000Z") + "\t    61 " + login + "\n'\n")
			s.visits(60)
			return s.journal
		}(), []found{
			{integrity.MixedForms, rule.Medium, 1, "1 ISO times and 361"},
			{integrity.Forged, rule.High, 1, "its header has another form than those of the file"}, open(1)}},
		{"backslashes that the lexer takes for others", func() *journal {
			j := quiet(banner57)
			for range 40 {
				j.id++
				j.visit(`SELECT a FROM t WHERE path = 'c:\'`, "SELECT a FROM t WHERE id = '2'", "SELECT 3")
			}
			return j
		}(), []found{open(40)}},
		{"one of them", inject(banner57, `SELECT a FROM t WHERE path = 'c:\'`), []found{open(1)}},
		{"the last entry", func() *journal {
			j := quiet(banner57)
			j.id++
			j.entry(j.id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
			j.entry(j.id, "Query", "SELECT 'cut he")
			return j
		}(), []found{open(1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			check(t, load(t, c.log.String()), c.want)
		})
	}
}

// A statement that was cut at the end of a file is no sign for the next file.
func TestOpenEndOfFile(t *testing.T) {
	j := quiet(bannerMaria)
	j.id++
	j.visit("SELECT 1")
	j.entry(j.id, "Query", "SELECT 'cut he")
	first := j.String()
	j.Reset()
	j.id++
	j.entry(j.id, "Query", "SELECT 1")
	j.now = j.now.Add(-time.Minute)
	j.visits(3)
	check(t, load(t, first, j.String()), []found{{integrity.OpenEnded, rule.Context, 1, ""}, {integrity.Backwards, rule.Low, 1, ""}})
}

// Whatever the log holds, what was asked of the texts stays bounded, and both
// readings of each candidate are named.
func TestManyForgeries(t *testing.T) {
	j := quiet(bannerMaria)
	for k := range 300 {
		j.id++
		j.visit("SELECT '" + header(since(j), 900_000+1000*k, "Connect\troot@10.0.0.1 on  using TCP/IP'"))
	}
	j.visits(1)
	in := load(t, j.String())
	texts := 0
	read := in.text
	in.text = func(i int) ([]byte, error) { texts++; return read(i) }
	r := examine(t, in)
	forged, entries := 0, 0
	for _, f := range r.Findings {
		if f.Kind == integrity.Forged {
			forged++
			entries += f.Count
		}
	}
	if entries != 300 {
		t.Errorf("%d of 300 forged entries found", entries)
	}
	if forged > 101 || texts > 256 {
		t.Errorf("%d findings, %d texts read", forged, texts)
	}
}

// since is how far a journal's next statement is from where header counts.
func since(j *journal) time.Duration { return j.now.Sub(quiet("").now) }
