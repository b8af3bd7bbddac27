package filter

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// hostLog is a log with an entry from each of some hosts.
func hostLog(hosts []string) *Subject {
	log := &Subject{Log: &loaded.Log{Commands: []string{"-"}, Actions: []string{"-"}, Tables: []string{"-"}, Templates: templates("0"), TemplateOf: []int32{0}, OtherTables: [][]string{nil}}}
	rows, tracker := store.NewRows(), connection.NewTracker()
	var columns store.Columns
	for i, h := range hosts {
		conn := tracker.Observe(i, uint64(i+1), "Connect", []byte("root@"+h+" on shop using TCP/IP"))
		columns.Append(store.Entry{Connection: conn, Row: rows.Add(store.Key{}, i)})
	}
	log.Rows, log.Entries, log.Connections = rows.Copy(), columns.View(), tracker.View()
	return log
}

// left are the hosts that a filter leaves.
func left(t *testing.T, text string, log *Subject, hosts []string) (out []string) {
	t.Helper()
	for _, i := range entriesOf(run(t, log, mustParse(t, text))) {
		out = append(out, hosts[i])
	}
	return out
}

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a list.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestHosts(t *testing.T) {
	hosts := []string{"203.0.113.7", "203.0.114.7", "localhost", "2001:db8::7", "2001:db9::7", "::ffff:203.0.113.9", "fe80::1%eth0", "db1.example"}
	log := hostLog(hosts)
	list := func(text string) string { return `host:@"` + written(t, text) + `"` }
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{"host:203.0.113.0/24", []string{"203.0.113.7", "::ffff:203.0.113.9"}},
		{"host:203.0.112.0/22", []string{"203.0.113.7", "203.0.114.7", "::ffff:203.0.113.9"}},
		{"not host:0.0.0.0/0", []string{"localhost", "2001:db8::7", "2001:db9::7", "fe80::1%eth0", "db1.example"}},
		{"host:2001:db8::/32", []string{"2001:db8::7"}},
		{"host:::/0", []string{"2001:db8::7", "2001:db9::7", "fe80::1%eth0"}},
		{"host:fe80::/10,localhost", []string{"localhost", "fe80::1%eth0"}},
		{`host:"203.0.113.0/24"`, nil},
		{list("# office\r\n\r\n203.0.114.7\r\n2001:db8::/32"), []string{"203.0.114.7", "2001:db8::7"}},
		{"not " + list("\ufeff203.0.0.0/16\n::/0\n"), []string{"localhost", "db1.example"}},
		{list("203.0.114.7\n") + ",localhost", []string{"203.0.114.7", "localhost"}},
	} {
		if got := left(t, c.filter, log, hosts); !slices.Equal(got, c.want) {
			t.Errorf("%s leaves %q, want %q", c.filter, got, c.want)
		}
	}
}

// TestNetworksAreLookedUp by the bits that they have in common as they would be one by
// one.
func TestNetworksAreLookedUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var all []netip.Prefix
		var n networks
		for range 1 + rng.IntN(6) {
			a := netip.AddrFrom4([4]byte{10, byte(rng.IntN(3)), byte(rng.IntN(3)), byte(rng.IntN(8))})
			p, err := a.Prefix(rng.IntN(33))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
			n.add(p)
		}
		for range 50 {
			a := netip.AddrFrom4([4]byte{10, byte(rng.IntN(3)), byte(rng.IntN(3)), byte(rng.IntN(8))})
			if want := slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) }); n.hold(a.String()) != want {
				t.Fatalf("%v in %v: %v", a, all, !want)
			}
		}
	}
}

// TestHostErrors: the error explains what is wrong with a network or a file, and
// where.
func TestHostErrors(t *testing.T) {
	for text, want := range map[string]string{
		"host:203.0.113.0/33": `character 6: "203.0.113.0/33" is no network`,
		"host:shop/24":        `"shop/24" is no network: write host:203.0.113.0/24`,
		"host:@":              "needs the name of a file",
		`host:@""`:            "needs the name of a file",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	log := hostLog([]string{"10.0.0.1"})
	for name, want := range map[string]string{
		written(t, "10.0.0.1\n\n10.0.0.x\n"):                     `a list.txt": line 3: "10.0.0.x" is no address and no network`,
		written(t, "# nobody\n"):                                 "there is no address",
		written(t, strings.Repeat("10.0.0.1\n", maxHostLines+1)): "more than 100000 lines",
		written(t, strings.Repeat("#", maxHostFile+1)):           "more than 4194304 bytes",
		t.TempDir() + "/none":                                    "none: no such file",
		t.TempDir():                                              "it is no regular file",
	} {
		f, err := Parse(`host:@"` + name + `"`)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Compile(t.Context(), f, log); err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
