package integrity

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

const (
	// clockStep is about how far a clock that is set back makes the end of a file and
	// the beginning of the next overlap: an hour in autumn.
	clockStep = hour + 10*minute
	// fewSame is how many ids that two files gave out at the same time show that two
	// servers did; fewEntries is how many entries each needs there to be compared.
	fewSame, fewEntries = 3, 3
	// goesOn is by how much the ids of one of the first fewLogins logins may be ahead of
	// those of the last ones of another file where they go on with them.
	goesOn, fewLogins = 64, 3
	// comparedLogins and comparedEntries are how much of a file a comparison looks at,
	// and comparedPairs how many pairs of files are compared.
	comparedLogins, comparedEntries, comparedPairs = 4096, 64, 2000
	// copied is the share of entries that are in both files where one is a copy.
	copied = 0.9
)

// Group is the files that one of several servers wrote, read as if they all were of one.
type Group struct {
	Name  string   // proposed for the server, other than those of all other groups
	Paths []string // of its files, as they were given
}

// written is what a file of the log holds.
type written struct {
	from, to int     // entries
	lo, hi   int64   // times; lo > hi for none
	local    bool    // they are of a zone that is not known
	logins   []int32 // its Connect entries
	first    []uint64
	last     []uint64 // ids of its first and last logins
}

// overlap is two files with the same time in them.
type overlap struct {
	a, b     int   // indices in loaded.Log.Files; a begins first
	from, to int64 // that time
}

// apart recognises files of several servers, and copies, where no server was named. The
// files of one server follow each other in time, whatever their order: what one holds
// while another is written is of another server, or it is in both.
func (c *check) apart(ctx context.Context) error {
	if len(c.Servers) > 0 || len(c.Files) < 2 {
		return nil
	}
	files := make([]written, len(c.Files))
	for k := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		files[k] = c.writtenIn(k)
	}
	var rivals, copies []overlap
	for _, x := range overlaps(files) {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, b := &files[x.a], &files[x.b]
		switch {
		case len(c.within(a, x)) < fewEntries || len(c.within(b, x)) < fewEntries:
		case c.copies(a, b, x) || c.copies(b, a, x):
			copies = append(copies, x)
		case c.rivals(a, b, x):
			rivals = append(rivals, x)
		}
	}
	for _, x := range slices.Concat(rivals, copies) {
		c.mingled[x.a], c.mingled[x.b] = true, true
	}
	for _, x := range copies {
		part, whole := x.b, x.a
		if files[whole].to-files[whole].from < files[part].to-files[part].from {
			part, whole = whole, part
		}
		f := Finding{Kind: Copied, Severity: rule.Medium, Count: 1}
		f.Summary = fmt.Sprintf("%s is a copy of a part of %s, or of all of it: each entry in both counts twice; leave one of them away", wording.Name(c.Files[part].Name), wording.Name(c.Files[whole].Name))
		c.add(f, files[part].from)
	}
	if len(rivals) == 0 {
		return nil
	}
	c.servers = c.groups(files, rivals)
	x := rivals[0]
	var heads []int
	for _, x := range rivals {
		heads = append(heads, files[x.b].from)
	}
	slices.Sort(heads)
	f := Finding{Kind: Mingled, Severity: rule.Medium, Count: len(c.servers)}
	f.Summary = fmt.Sprintf("%s and %s hold the same %s, with connections of their own: a server writes one log at a time, so they seem to be of %d servers, read here as one; %s keeps them apart",
		wording.Name(c.Files[x.a].Name), wording.Name(c.Files[x.b].Name), wording.Duration(x.to-x.from), len(c.servers), "--server NAME=FILE for each")
	c.add(f, slices.Compact(heads)...)
	return nil
}

// writtenIn passes over the entries of file k.
func (c *check) writtenIn(k int) written {
	f := &c.Files[k]
	w := written{lo: 1, local: c.Unzoned && f.Forms.UTC+f.Forms.Offset == 0}
	if f.Base < 0 {
		return w
	}
	w.from, w.to = c.entryBehind(f.Base), c.entryBehind(f.Base+f.Text)
	for i := w.from; i < w.to; i++ {
		if c.command(i) == "Connect" {
			w.logins = append(w.logins, int32(i))
		}
		switch t := c.Entries.Time(i); {
		case t == store.NoTime:
		case w.lo > w.hi:
			w.lo, w.hi = t, t
		default:
			w.lo, w.hi = min(w.lo, t), max(w.hi, t)
		}
	}
	for _, i := range w.logins[:min(fewLogins, len(w.logins))] {
		w.first = append(w.first, c.idOf(int(i)))
	}
	for _, i := range w.logins[max(0, len(w.logins)-fewLogins):] {
		w.last = append(w.last, c.idOf(int(i)))
	}
	return w
}

// idOf returns the id that entry i was logged under.
func (c *check) idOf(i int) uint64 { return c.Connections.Peek(int(c.Entries.Connection(i))).ID }

// overlaps returns the pairs of files with the same time in them, the first comparedPairs.
func overlaps(files []written) (list []overlap) {
	var order []int
	for k := range files {
		if files[k].lo <= files[k].hi {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(files[a].lo, files[b].lo) })
	for n, b := range order {
		for _, a := range order[:n] {
			x := overlap{a, b, files[b].lo, min(files[a].hi, files[b].hi)}
			if x.to-x.from <= tolerance || files[a].local != files[b].local {
				continue
			}
			if list = append(list, x); len(list) == comparedPairs {
				return list
			}
		}
	}
	return list
}

// within returns about the entries of a file in the time of an overlap, as a sample that
// is spread over it: times step back here and there, and some entries have none.
func (c *check) within(w *written, x overlap) (sample []int) {
	from, to := c.reached(w, x.from), c.reached(w, x.to+1)
	step := max(1, (to-from)/comparedEntries)
	for i := from; i < to; i += step {
		if t := c.Entries.Time(i); t >= x.from && t <= x.to {
			sample = append(sample, i)
		}
	}
	return sample
}

// reached returns the first entry of a file that is about as late as a time.
func (c *check) reached(w *written, at int64) int {
	return w.from + sort.Search(w.to-w.from, func(n int) bool {
		i, ok := c.Entries.TimedFrom(w.from + n)
		return !ok || i >= w.to || c.Entries.Time(i) >= at
	})
}

// copies reports whether file b has what a has in the time of an overlap.
func (c *check) copies(a, b *written, x overlap) bool {
	sample, have := c.within(a, x), 0
	for _, i := range sample {
		if c.has(b, i) {
			have++
		}
	}
	return float64(have) >= copied*float64(len(sample))
}

// has reports whether a file has entry i of another one.
func (c *check) has(w *written, i int) bool {
	const most = 4096 // of entries within two seconds
	t, id, what := c.Entries.Time(i), c.idOf(i), c.Key(i)
	from := c.reached(w, t-second)
	for j := from; j < min(w.to, from+most); j++ {
		u := c.Entries.Time(j)
		if u == store.NoTime {
			continue
		}
		if u > t+second {
			return false
		}
		// One of two logs may have whole seconds only.
		same := u == t || (u%second == 0 || t%second == 0) && u/second == t/second
		if key := c.Key(j); same && key.Command == what.Command && key.Digest == what.Digest && c.idOf(j) == id {
			return true
		}
	}
	return false
}

// rivals reports whether two servers wrote files a and b, which is no copy and begins later.
func (c *check) rivals(a, b *written, x overlap) bool {
	ids := c.loginsIn(a, x)
	same := 0
	for id := range c.loginsIn(b, x) {
		if ids[id] {
			same++
		}
	}
	if same >= fewSame {
		return true
	}
	if follows(a, b) || follows(b, a) { // in time or, where the clock was set back, against it
		return false
	}
	// A clock that was set back, and a server that was started again or has no login there.
	anew := len(b.first) == 0 || b.first[0] <= goesOn
	return !(anew && a.hi < b.hi && x.to-x.from <= clockStep)
}

// loginsIn returns the ids of the first logins in the time of an overlap.
func (c *check) loginsIn(w *written, x overlap) map[uint64]bool {
	ids := map[uint64]bool{}
	from, _ := slices.BinarySearch(w.logins, int32(c.reached(w, x.from)))
	for _, i := range w.logins[from:] {
		t := c.Entries.Time(int(i))
		if len(ids) == comparedLogins || t > x.to && t != store.NoTime {
			break
		}
		if t >= x.from {
			ids[c.idOf(int(i))] = true
		}
	}
	return ids
}

// follows reports whether the ids of b go on with the last ones of a.
func follows(a, b *written) bool {
	if len(a.last) == 0 {
		return false
	}
	before := slices.Max(a.last)
	return slices.ContainsFunc(b.first, func(id uint64) bool { return id > before && id-before <= goesOn })
}

// groups parts files by their servers. A file is of the server of its rotated set, else of
// the one whose ids it goes on with, else of one of its own.
func (c *check) groups(files []written, rivals []overlap) []Group {
	rival := map[[2]int]bool{}
	for _, x := range rivals {
		rival[[2]int{x.a, x.b}], rival[[2]int{x.b, x.a}] = true, true
	}
	var parts [][]int
	for k := range files {
		best := -1
		for p, part := range parts {
			if slices.ContainsFunc(part, func(i int) bool { return rival[[2]int{i, k}] }) {
				continue
			}
			last := part[len(part)-1]
			if logfile.SameRotation(c.Files[last].Name, c.Files[k].Name) {
				best = p
				break
			}
			if best < 0 && (follows(&files[last], &files[k]) || files[k].from == files[k].to) {
				best = p
			}
		}
		if best < 0 {
			best = len(parts)
			parts = append(parts, nil)
		}
		parts[best] = append(parts[best], k)
	}
	groups := make([]Group, len(parts))
	names := make([]string, len(parts))
	for g, part := range parts {
		names[g] = c.Files[part[len(part)-1]].Name
		for _, k := range part {
			groups[g].add(c.Files[k].Given())
		}
	}
	for g, name := range serverNames(names) {
		groups[g].Name = name
	}
	return groups
}

// add adds the path of a file.
func (g *Group) add(path string) {
	if !slices.Contains(g.Paths, path) {
		g.Paths = append(g.Paths, path)
	}
}

// Join returns groups with the path of a file of a server too.
func Join(groups []Group, server, path string) []Group {
	k := slices.IndexFunc(groups, func(g Group) bool { return g.Name == server })
	if k < 0 {
		k = len(groups)
		groups = append(groups, Group{Name: server})
	}
	groups[k].add(path)
	return groups
}

// Separable reports whether groups can be read apart: a path is of one server, so an archive
// with the logs of several has to be unpacked first.
func Separable(groups []Group) bool {
	seen := map[string]bool{}
	for _, g := range groups {
		for _, p := range g.Paths {
			if seen[p] || p == "-" { // which can be read only once
				return false
			}
			seen[p] = true
		}
	}
	return len(groups) > 1
}

// ServerFlags returns the values of the flag --server that read groups apart.
func ServerFlags(groups []Group) (values []string) {
	for _, g := range groups {
		if slices.ContainsFunc(g.Paths, func(p string) bool { return strings.Contains(p, ",") }) {
			for _, p := range g.Paths {
				values = append(values, g.Name+"="+p)
			}
			continue
		}
		values = append(values, g.Name+"="+strings.Join(g.Paths, ","))
	}
	return values
}

// serverNames names servers for their files: by what is before the endings of the files'
// names, or by the folders that they differ in, or by their paths.
func serverNames(files []string) []string {
	parts := strings.NewReplacer(`\`, "/", "!", "/") // a member of an archive is in a folder
	for _, of := range []func(name string) string{
		func(name string) string { return withoutEndings(path.Base(name)) },
		func(name string) string { return path.Base(path.Dir(name)) },
		func(name string) string { return path.Base(path.Dir(path.Dir(name))) },
		func(name string) string { return name },
	} {
		names := make([]string, len(files))
		seen := map[string]bool{"": true, ".": true, "..": true, "/": true}
		distinct := true
		for k, name := range files {
			names[k] = serverName(of(parts.Replace(name)))
			distinct = distinct && !seen[names[k]]
			seen[names[k]] = true
		}
		if distinct {
			return names
		}
	}
	names := make([]string, len(files))
	for k := range files {
		names[k] = fmt.Sprintf("server%d", k+1)
	}
	return names
}

// serverName makes a name that a server may have.
func serverName(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '=' || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name))
	if n := utf8.RuneCountInString(name); n > logfile.MaxServerName { // the end distinguishes paths
		name = strings.TrimSpace(string([]rune(name)[n-logfile.MaxServerName:]))
	}
	return name
}

// withoutEndings cuts off what is behind the first dot of a name that does not begin
// with one.
func withoutEndings(name string) string {
	if at := strings.IndexByte(name, '.'); at > 0 {
		return name[:at]
	}
	return name
}
