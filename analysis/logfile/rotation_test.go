package logfile

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTimelineOrder(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"numbers", "general.log.10.gz general.log.9.gz general.log.2.gz general.log.1 general.log.0 general.log"},
		{"leading zeros", "general.log.010 general.log.9 general.log.001 general.log"},
		{"dates", "general.log-20231231.gz general.log-20240101.xz general.log-20240102 general.log"},
		{"dates behind a dot", "general.log.20231231.zst general.log.20240101.bz2 general.log"},
		{"directories", "/b/general.log.2 /b/general.log.1 /b/general.log"},
		{"compressed current", "general.log.1.gz general.log.gz"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.Fields(test.want)
			rng := rand.New(rand.NewPCG(1, 2))
			for range 50 {
				given := slices.Clone(want)
				rng.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
				if got := timeline(given); !slices.Equal(got, want) {
					t.Fatalf("timeline(%q)\n got %q\nwant %q", given, got, want)
				}
			}
		})
	}
}

// timeline is timelineOrder by paths.
func timeline(paths []string) []string {
	var ordered []string
	for _, k := range timelineOrder(paths) {
		ordered = append(ordered, paths[k])
	}
	return ordered
}

// TestTimelineAsGiven has paths whose order the names do not show.
func TestTimelineAsGiven(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"other names", "b.log a.log -", "b.log a.log -"},
		{"short numbers behind a dash", "host-2 host-1", "host-2 host-1"},
		{"only digits", "2 1 .3", "2 1 .3"},
		{"two separators", "a..1 a..2", "a..1 a..2"},
		{"same rank", "general.log.1.gz general.log.1", "general.log.1.gz general.log.1"},
		{"sets stand where first given", "b.log x.log b.log.1 a.log a.log.1", "b.log.1 b.log x.log a.log.1 a.log"},
		{"directories are different sets", "/a/g.log /b/g.log.1", "/a/g.log /b/g.log.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := timeline(strings.Fields(test.given)); !slices.Equal(got, strings.Fields(test.want)) {
				t.Errorf("timeline(%s)\n got %q\nwant %s", test.given, got, test.want)
			}
		})
	}
}

// TestRotated: files of other logs in the same folder are left out.
func TestRotated(t *testing.T) {
	got := Rotated("a/general.log", []string{"a/general.log", "a/slow.log.1", "a/general.log.1", "a/general.log.bak", "a/general.log.2.gz"})
	if want := []string{"a/general.log.2.gz", "a/general.log.1", "a/general.log"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
