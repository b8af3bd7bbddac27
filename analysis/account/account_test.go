package account_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/account"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// try is a login of a made log.
type try struct {
	at         time.Duration
	user, host string
	in         bool
}

var start = time.Date(2025, 6, 16, 4, 0, 0, 0, time.UTC)

// logOf writes a log of logins, each a connection of its own.
func logOf(tries []try) string {
	slices.SortStableFunc(tries, func(a, b try) int { return cmp.Compare(a.at, b.at) })
	var b strings.Builder
	b.WriteString("/usr/sbin/mysqld, Version: 5.7.12 (MySQL). started with:\nTcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument\n")
	for k, t := range tries {
		line := func(command, text string) {
			fmt.Fprintf(&b, "%s\t%5d %s\t%s\n", start.Add(t.at).Format("2006-01-02T15:04:05.000000Z"), k+1, command, text)
		}
		line("Connect", t.user+"@"+t.host+" on shop using TCP/IP")
		if t.in {
			line("Query", "SELECT * FROM customers WHERE id = 1")
			line("Quit", "")
		} else {
			line("Connect", fmt.Sprintf("Access denied for user '%s'@'%s' (using password: YES)", t.user, t.host))
		}
	}
	return b.String()
}

func analysed(t testing.TB, tries []try) *pipeline.Snapshot {
	t.Helper()
	set, err := logfile.OpenBytes("general.log", []byte(logOf(tries)), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	s, err := pipeline.Run(t.Context(), pipeline.DefaultConfig(), set, func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func table(t testing.TB, s *pipeline.Snapshot, by account.By, shown account.Shown) *account.Table {
	t.Helper()
	a, err := account.Of(t.Context(), &s.Log, s.History, shown)
	if err != nil {
		t.Fatal(err)
	}
	tab, err := a.By(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// daily is a user that gets in from a host once an hour for days.
func daily(user, host string, days int) (list []try) {
	for h := range 24 * days {
		list = append(list, try{time.Duration(h) * time.Hour, user, host, true})
	}
	return list
}

func steady(user, host string, from, every time.Duration, n int) (list []try) {
	for k := range n {
		list = append(list, try{from + time.Duration(k)*every, user, host, false})
	}
	return list
}

// TestWhy holds the words of each kind of account against a log that has it.
func TestWhy(t *testing.T) {
	const d, h, m, s = 24 * time.Hour, time.Hour, time.Minute, time.Second
	home := daily("shop", "10.0.0.5", 4)
	for name, c := range map[string]struct {
		tries []try
		user  string
		level account.Level
		why   string
	}{
		"home":                {nil, "shop", account.Ordinary, "in each time"},
		"new host":            {[]try{{3 * d, "shop", "192.0.2.7", true}}, "shop", account.NewHost, "in from 1 new host"},
		"new after refusals":  {[]try{{3*d - h, "shop", "192.0.2.7", false}, {3 * d, "shop", "192.0.2.7", true}}, "shop", account.GotIn, "in from 1 new host after 1 refused"},
		"new while it begins": {[]try{{2 * h, "shop", "192.0.2.7", true}}, "shop", account.Ordinary, "in each time"},
		"same network":        {[]try{{3 * d, "shop", "10.0.0.9", true}}, "shop", account.Explained, "in from a new host of its network"},
		"refused in it":       {[]try{{3*d - h, "shop", "10.0.0.9", false}, {3 * d, "shop", "10.0.0.9", true}}, "shop", account.GotIn, "in from 1 new host after 1 refused"},
		"intruder's network":  {[]try{{3 * d, "shop", "192.0.2.7", true}, {3*d + h, "shop", "192.0.2.8", true}}, "shop", account.NewHost, "in from 2 new hosts"},
		"guesses":             {[]try{{d, "shop", "192.0.2.7", false}, {2*d + h, "shop", "192.0.2.7", false}, {2 * d, "shop", "192.0.2.8", false}}, "shop", account.Guessed, "3 guesses from 2 new hosts"},
		"nobody's name":       {[]try{{d, "sa", "192.0.2.7", false}}, "sa", account.Refused, "refused only"},
		"spray":               {[]try{{d, "sa", "192.0.2.7", false}, {d + h, "root", "192.0.2.7", false}, {d + 2*h, "test", "192.0.2.7", false}}, "sa", account.Guessed, "refused only, like 2 other users from there"},
		"check":               {steady("nagios", "10.0.0.8", m, 5*m, 95*12), "nagios", account.Explained, "every 5 min, all 4 days"},
		"old password": {append(steady("pool", "10.0.0.6", d, 90*s, 200), try{h, "pool", "10.0.0.6", true}, try{3 * d, "pool", "10.0.0.6", true}), "pool", account.Explained,
			"200 refused, every 90 s, for 4h58m: old password?"},
		"rounds": {slices.Concat(steady("sync", "10.0.0.6", d, 15*m, 20), steady("sync", "10.0.0.6", d+10*s, 15*m, 20)), "sync", account.Explained, "2 tries every 15 min, for 4h45m"},
		"typed":  {[]try{{h, "ann", "10.0.1.6", false}, {h + 5*s, "ann", "10.0.1.6", true}}, "ann", account.Explained, "refused 1, in shortly after: mistyped?"},
		"found":  {append(steady("ann", "10.0.1.6", h, s, 40), try{h + m, "ann", "10.0.1.6", true}), "ann", account.GotIn, "refused 40, then in"},
		"fast":   {steady("root", "192.0.2.7", h, s, 400), "root", account.Refused, "refused only"},
	} {
		t.Run(name, func(t *testing.T) {
			rows := table(t, analysed(t, slices.Concat(home, c.tries)), account.ByUser, nil).Rows
			k := slices.IndexFunc(rows, func(r account.Row) bool { return r.User == c.user })
			if k < 0 || rows[k].Level != c.level || rows[k].Why != c.why {
				t.Errorf("got %+v, want %d %q", rows[max(k, 0)], c.level, c.why)
			}
		})
	}
}

// TestOrder: who got in from new hosts, guesses, names of nobody, explained failures,
// the rest.
func TestOrder(t *testing.T) {
	const d, h = 24 * time.Hour, time.Hour
	s := analysed(t, slices.Concat(daily("shop", "10.0.0.5", 4), daily("web", "10.0.0.5", 4), daily("app", "10.0.0.5", 4),
		steady("nagios", "10.0.0.8", time.Minute, 5*time.Minute, 1000),
		[]try{{d, "web", "192.0.2.7", false}, {d, "sa", "192.0.2.7", false}, {3 * d, "shop", "192.0.2.9", true}, {h, "web", "10.0.0.5", false}}))
	var got []string
	for _, r := range table(t, s, account.ByUser, nil).Rows {
		if r.Parent < 0 {
			got = append(got, r.Level.Sign()+r.User)
		}
	}
	if want := []string{"!shop", "!web", ".sa", ".nagios", "app"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// random makes a log of a few users and hosts, some of whom fail at a constant rate.
func random(rng *rand.Rand) (list []try) {
	users, hosts := []string{"root", "shop", "ann", "sa"}, []string{"10.0.0.5", "10.0.0.6", "192.0.2.7", "198.51.100.3"}
	for range rng.IntN(60) {
		list = append(list, try{time.Duration(rng.IntN(4*86400)) * time.Second, users[rng.IntN(4)], hosts[rng.IntN(4)], rng.IntN(3) > 0})
	}
	if rng.IntN(2) == 0 {
		every := time.Duration(20+rng.IntN(3000)) * time.Second
		list = append(list, steady(users[rng.IntN(4)], hosts[rng.IntN(4)], time.Duration(rng.IntN(86400))*time.Second, every, 5+rng.IntN(30))...)
	}
	if rng.IntN(2) == 0 {
		list = append(list, daily("shop", "10.0.0.5", 4)...)
	}
	return append(list, try{0, "shop", "10.0.0.5", true}, try{4 * 24 * time.Hour, "shop", "10.0.0.5", true})
}

// TestWordsAreTrue recounts, in small logs, what every sentence states.
func TestWordsAreTrue(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 3))
	said := map[string]int{}
	for range 60 {
		tries := random(rng)
		s := analysed(t, tries)
		for by := range account.Tables {
			tab := table(t, s, by, nil)
			for k := range tab.Rows {
				r := &tab.Rows[k]
				mine := slices.DeleteFunc(slices.Clone(tries), func(x try) bool {
					return r.User != "" && x.user != r.User || r.Host != "" && x.host != r.Host
				})
				recount(t, r, mine, tries, said)
			}
		}
	}
	for _, c := range claims {
		if said[c.words.String()] == 0 {
			t.Errorf("no row said %v", c.words)
		}
	}
}

// facts are what was tried, counted plainly.
type facts struct {
	tries, refused, in int
	times              []time.Duration // of refusals
	never              []string        // others of the row that only refused
	neverRefused       int
}

func pairName(x try) string { return x.user + "@" + x.host }

func count(list []try) (f facts) {
	in := map[string]bool{}
	for _, x := range list {
		in[pairName(x)] = in[pairName(x)] || x.in
	}
	seen := map[string]bool{}
	for _, x := range list {
		f.tries++
		switch {
		case x.in:
			f.in++
		default:
			f.refused++
			f.times = append(f.times, x.at)
			if !in[pairName(x)] {
				f.neverRefused++
			}
		}
		if !in[pairName(x)] && !seen[pairName(x)] {
			seen[pairName(x)] = true
			f.never = append(f.never, pairName(x))
		}
	}
	return f
}

// claims are the sentences with what must hold of the tries of a row, given in order.
var claims = []struct {
	words *regexp.Regexp
	holds func(r *account.Row, mine, all []try, numbers []int) bool
}{
	{regexp.MustCompile(`^refused only`), func(_ *account.Row, mine, _ []try, _ []int) bool { return count(mine).in == 0 }},
	{regexp.MustCompile(`^in each time$`), func(_ *account.Row, mine, _ []try, _ []int) bool { return count(mine).refused == 0 }},
	{regexp.MustCompile(`^in (\d+), refused (\d+)$`), func(_ *account.Row, mine, _ []try, n []int) bool {
		f := count(mine)
		return f.in == n[0] && f.refused == n[1]
	}},
	{regexp.MustCompile(`^refused (?:only, by|only, as) (\d+)`), func(_ *account.Row, mine, _ []try, n []int) bool { return len(count(mine).never) == n[0] }},
	{regexp.MustCompile(`from there$`), func(r *account.Row, _, all []try, _ []int) bool {
		n, _ := strconv.Atoi(regexp.MustCompile(`like (\d+) other`).FindStringSubmatch(r.Why)[1])
		at := slices.DeleteFunc(slices.Clone(all), func(x try) bool { return x.host != mineHost(r, all) })
		return len(count(at).never) >= n+1 // those at a constant rate are not counted
	}},
	{regexp.MustCompile(`(?:^|; )(\d+) guess(?:es)? (?:from|at) (\d+)`), func(_ *account.Row, mine, _ []try, n []int) bool {
		f := count(mine)
		return n[0] <= f.neverRefused && n[1] <= len(f.never)
	}},
	{regexp.MustCompile(`(?:^new host, |: |^)refused (\d+), then in`), func(_ *account.Row, mine, _ []try, n []int) bool {
		by := map[string]int{}
		for _, x := range mine {
			if x.in && by[pairName(x)] == n[0] {
				return true
			} else if !x.in {
				by[pairName(x)]++
			}
		}
		return false
	}},
	{regexp.MustCompile(`in from (\d+) new hosts?(?: after \d+ refused)?(?:;|$)`), func(_ *account.Row, mine, _ []try, n []int) bool {
		hosts := map[string]bool{}
		for _, x := range mine {
			if x.in {
				hosts[x.host] = true
			}
		}
		return len(hosts) > n[0] // one at least is no news
	}},
	{regexp.MustCompile(`every (\d+) (s|min|h)\b`), func(r *account.Row, mine, _ []try, n []int) bool {
		unit := map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour}
		want := time.Duration(n[0]) * unit[regexp.MustCompile(`every \d+ (s|min|h)\b`).FindStringSubmatch(r.Why)[1]]
		by := map[string][]time.Duration{}
		for _, x := range mine {
			if !x.in {
				by[pairName(x)] = append(by[pairName(x)], x.at)
			}
		}
		for _, times := range by {
			var starts []time.Duration
			for k, at := range times {
				if k == 0 || at-times[k-1] > time.Minute || want <= time.Minute {
					starts = append(starts, at)
				}
			}
			near := 0
			for k := 1; k < len(starts); k++ {
				if gap := starts[k] - starts[k-1]; gap*100 >= want*88 && gap*100 <= want*112 {
					near++
				}
			}
			if len(starts) > 5 && near*10 >= (len(starts)-1)*9 {
				return true
			}
		}
		return false
	}},
	{regexp.MustCompile(`(\d+) refused, every`), func(r *account.Row, mine, _ []try, n []int) bool { return count(mine).refused >= n[0] }},
	{regexp.MustCompile(`refused (\d+), in shortly after: mistyped\?`), func(_ *account.Row, mine, _ []try, n []int) bool { return soonIn(mine) >= n[0] }},
	{regexp.MustCompile(`refused \d+, (\d+) of them with a login shortly after`), func(_ *account.Row, mine, _ []try, n []int) bool { return soonIn(mine) >= n[0] }},
}

func mineHost(r *account.Row, all []try) string {
	if r.Host != "" {
		return r.Host
	}
	k := slices.IndexFunc(all, func(x try) bool { return x.user == r.User })
	return all[k].host // of a user with one host
}

// soonIn counts refusals that a login of the same user from the same host follows within
// ten minutes.
func soonIn(list []try) (n int) {
	for k, x := range list {
		if !x.in && slices.ContainsFunc(list[k:], func(y try) bool { return y.in && pairName(x) == pairName(y) && y.at-x.at <= 10*time.Minute }) {
			n++
		}
	}
	return n
}

func recount(t *testing.T, r *account.Row, mine, all []try, said map[string]int) {
	t.Helper()
	f := count(mine)
	if r.Tries != f.tries || r.Refused != f.refused || r.In != f.in || r.Why == "" {
		t.Errorf("%s: %d tries, %d refused, %d in (%q), counted %d, %d, %d", r.Name(), r.Tries, r.Refused, r.In, r.Why, f.tries, f.refused, f.in)
	}
	for _, c := range claims {
		m := c.words.FindStringSubmatch(r.Why)
		if m == nil {
			continue
		}
		said[c.words.String()]++
		var numbers []int
		for _, text := range m[1:] {
			n, _ := strconv.Atoi(text)
			numbers = append(numbers, n)
		}
		if !c.holds(r, mine, all, numbers) {
			t.Errorf("%s is said to be %q, which its tries do not show: %v", r.Name(), r.Why, mine)
		}
	}
}

// some are every other connection of a log.
type some int

func (n some) Len() int   { return int(n) / 2 }
func (some) At(k int) int { return 2 * k }

// TestShown: rows count the connections that are shown; what is new is decided by all.
func TestShown(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	tries := random(rng)
	s := analysed(t, tries)
	tab := table(t, s, account.ByPair, some(s.Connections.Len()))
	n := 0
	for _, r := range tab.Rows {
		n += r.Tries
	}
	if want := s.Connections.Len() / 2; n != want || tab.Total.Tries != want {
		t.Errorf("%d tries in rows, %d in all, want %d", n, tab.Total.Tries, want)
	}
	if len(table(t, s, account.ByUser, some(0)).Rows) != 0 {
		t.Error("rows without connections")
	}
}

// TestRowsStandUnderTheirOwn, and add up to them.
func TestRowsStandUnderTheirOwn(t *testing.T) {
	s := analysed(t, random(rand.New(rand.NewPCG(7, 8))))
	for by := account.ByUser; by < account.ByPair; by++ {
		tab := table(t, s, by, nil)
		sum := make([]account.Figures, len(tab.Rows))
		for k, r := range tab.Rows {
			if r.Parent < 0 {
				continue
			}
			p := tab.Rows[r.Parent]
			if k <= r.Parent || k > r.Parent+p.Under || p.User != "" && p.User != r.User || p.Host != "" && p.Host != r.Host {
				t.Errorf("row %d %s stands under %s", k, r.Name(), p.Name())
			}
			f := &sum[r.Parent]
			f.Tries, f.Refused, f.In = f.Tries+r.Tries, f.Refused+r.Refused, f.In+r.In
		}
		for k, r := range tab.Rows {
			if r.Parent < 0 && (sum[k].Tries != r.Tries || sum[k].Refused != r.Refused || sum[k].In != r.In) {
				t.Errorf("%s: %+v, those under it %+v", r.Name(), r.Figures, sum[k])
			}
		}
	}
}

// TestTheSameAgain: maps have no order, tables do.
func TestTheSameAgain(t *testing.T) {
	s := analysed(t, random(rand.New(rand.NewPCG(9, 9))))
	first := fmt.Sprint(table(t, s, account.ByHost, nil).Rows)
	for range 5 {
		if got := fmt.Sprint(table(t, s, account.ByHost, nil).Rows); got != first {
			t.Fatalf("another table:\n%s\n%s", first, got)
		}
	}
}

func TestCancelled(t *testing.T) {
	s := analysed(t, random(rand.New(rand.NewPCG(1, 1))))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := account.Of(ctx, &s.Log, s.History, nil); err == nil {
		t.Error("it went on")
	}
}
