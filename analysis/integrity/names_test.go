package integrity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
)

// A line that a client has put into the name that it logs in with is named where its
// time or its id does not fit, with the login that wrote it.
func TestForgedInNames(t *testing.T) {
	const full = " on x using TCP/IP" // of a name that feigns the end of its login
	iso := func(second int, text string) string {
		return time.Date(2025, 3, 11, 8, 0, 0, 0, time.UTC).Add(time.Duration(second)*time.Second).Format("2006-01-02T15:04:05.000000Z\t") + text + "\n"
	}
	short := func(second int, text string) string {
		if second < 0 {
			return "\t\t" + text + "\n"
		}
		return time.Date(2025, 3, 11, 8, 0, second, 0, time.UTC).Format("060102 15:04:05\t") + text + "\n"
	}
	const same = -1
	for _, c := range []struct {
		name string
		log  string
		want []integrity.Embedded
	}{
		{"a time ahead", iso(10, "61 Connect\troot@6.6.6.6"+full) + iso(40, "60 Connect\troot@h on  using TCP/IP") + iso(11, "62 Connect\tapp@10.0.0.1 on shop using TCP/IP"),
			[]integrity.Embedded{{Opener: 0, Last: 1, InName: true}}},
		{"under its own id", iso(10, "61 Connect\troot@6.6.6.6"+full) + iso(40, "61 Connect\troot@h on  using TCP/IP") + iso(11, "62 Connect\tapp@10.0.0.1 on shop using TCP/IP"),
			[]integrity.Embedded{{Opener: 0, Last: 1, InName: true}}},
		{"a time behind, which the entries that follow repeat", short(30, "61 Connect\troot@6.6.6.6"+full) + short(18, "60 Connect\troot@h on  using TCP/IP") +
			short(same, "61 Connect\tAccess denied for user 'root'@'6.6.6.6' (using password: YES)") + short(same, "62 Connect\tapp@10.0.0.1 on shop using TCP/IP") + short(31, "62 Quit\t"),
			[]integrity.Embedded{{Opener: 0, Last: 1, InName: true}}},
		{"a clock that is set back for good", short(30, "61 Connect\tapp@10.0.0.1 on shop using TCP/IP") + short(18, "62 Connect\tapp@10.0.0.1 on shop using TCP/IP") +
			short(same, "61 Quit\t") + short(25, "62 Quit\t"), nil},
		{"a clock that is set forward for good", iso(10, "61 Connect\tapp@10.0.0.1 on shop using TCP/IP") + iso(40, "62 Connect\tapp@10.0.0.1 on shop using TCP/IP") + iso(41, "62 Quit\t"), nil},
	} {
		if got := examine(t, load(t, c.log)).Embedded; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// So is a login whose id is over, which seems to begin a server run.
func TestForgedRestartInAName(t *testing.T) {
	j := quiet(banner57)
	for range 200 {
		j.id++
		j.visit()
	}
	j.id++
	opener := 60*3 + 200*2
	at := j.now.Add(time.Millisecond).Format("2006-01-02T15:04:05.000000Z\t")
	j.entry(j.id, "Connect", fmt.Sprintf("root@6.6.6.6 on x using TCP/IP\n%s%5d Connect\troot@h on  using TCP/IP", at, 7))
	j.entry(j.id, "Connect", "Access denied for user 'root'@'6.6.6.6' (using password: YES)")
	j.visits(20)
	if got := examine(t, load(t, j.String())).Embedded; !slices.Equal(got, []integrity.Embedded{{Opener: opener, Last: opener + 1, InName: true}}) {
		t.Errorf("%v, want the login in entry %d", got, opener)
	}
}

// A banner has no room in a name if it is to look like those of the server.
func TestForgedBannerInAName(t *testing.T) {
	const inName = "\n, Version:  started with:\nTcp port: \nTime Id Command Argument"
	log := func(login, banner string) string {
		j := quiet(banner57)
		j.id++
		j.entry(j.id, "Connect", login+banner)
		j.entry(j.id, "Connect", "Access denied for user 'root'@'6.6.6.6' (using password: YES)")
		j.visits(20)
		return j.String()
	}
	old := func(log string) string { return strings.ReplaceAll(log, " using TCP/IP\n", "\n") }
	banner := integrity.Embedded{Opener: 180, Last: 180, InName: true}
	named := []integrity.Embedded{banner}
	for _, c := range []struct {
		name, log string
		want      []integrity.Embedded
		reopened  bool
	}{
		{"whose login lost its end", log("root@6.6.6.6 on x", inName+"\n using TCP/IP"), []integrity.Embedded{banner, {Opener: 180, Last: 182, InName: true}}, false},
		{"whose login feigns its end", log("root@6.6.6.6 on x using TCP/IP", inName+"\n"), named, false},
		{"where logins have no end", old(log("root@6.6.6.6 on x", inName)), named, false},
		{"of the server", log("root@6.6.6.6 on x using TCP/IP", "\n"+strings.TrimSuffix(banner57, "\n")), nil, true},
	} {
		r := examine(t, load(t, c.log))
		if !slices.Equal(r.Embedded, c.want) {
			t.Errorf("%s: embedded %v, want %v", c.name, r.Embedded, c.want)
		}
		isReopened := func(f integrity.Finding) bool { return f.Kind == integrity.Reopened }
		if got := slices.ContainsFunc(r.Findings, isReopened); got != c.reopened {
			t.Errorf("%s: the log was opened again is %v, want %v", c.name, got, c.reopened)
		}
	}
}

// A login of which nothing came is named where the login in front of it may hold it.
func TestLoginOfWhichNothingCame(t *testing.T) {
	log := func(using, behind string) string {
		j := quiet(banner57)
		j.id += 3
		forged := j.now.Add(time.Millisecond).Format("2006-01-02T15:04:05.000000Z\t") + fmt.Sprintf("%5d Connect\troot@h on  using TCP/IP", j.id-1)
		j.entry(j.id, "Connect", "root@6.6.6.6 on x using TCP/IP\n"+forged)
		j.entry(j.id, "Connect", "Access denied for user 'root'@'6.6.6.6' (using password: YES)")
		if behind != "" {
			j.entry(j.id-1, behind, "")
		}
		j.visits(20)
		return strings.ReplaceAll(j.String(), " using TCP/IP\n", using+"\n")
	}
	named := []integrity.Embedded{{Opener: 180, Last: 181, InName: true}}
	for _, c := range []struct {
		name, log string
		want      []integrity.Embedded
	}{
		{"nothing", log(" using TCP/IP", ""), named},
		{"an end", log(" using TCP/IP", "Quit"), nil},
		{"nothing, where logins have no end", log("", ""), nil},
	} {
		if got := examine(t, load(t, c.log)).Embedded; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
