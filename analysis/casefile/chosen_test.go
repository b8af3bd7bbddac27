package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func logFile(name, server, text string, read bool) LogFile {
	f := LogFile{Name: name, Server: server, Bytes: int64(len(text))}
	if sum := sha256.Sum256([]byte(text)); read {
		f.SHA256 = hex.EncodeToString(sum[:])
	}
	return f
}

// What was chosen is found by sizes before the files are read and by digests behind that,
// in any order; another choice takes its place.
func TestChosenServers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cases [of] a[b")
	choose := func(log Log) {
		t.Helper()
		if err := ChooseServers(t.Context(), dir, log); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, log Log, want ...string) {
		t.Helper()
		got, ok := ChosenServers(dir, log)
		var servers []string
		for _, f := range got {
			servers = append(servers, f.Server)
		}
		if ok != (want != nil) || !slices.Equal(servers, want) {
			t.Errorf("%s: %q, want %q", what, servers, want)
		}
	}
	unread, read := Log{logFile("b.log", "", "22", false), logFile("a.log", "", "1", false)}, Log{logFile("b.log", "", "22", true), logFile("a.log", "", "1", true)}
	check("nothing chosen", unread)
	choose(Log{logFile("a.log", "one", "1", true), logFile("b.log", "two", "22", true)})
	check("unread", unread, "two", "one")
	check("read", read, "two", "one")
	check("other names", Log{logFile("x", "", "1", true), logFile("y", "", "22", true)}, "one", "two")
	check("another file of the same size", Log{logFile("b.log", "", "21", true), logFile("a.log", "", "1", true)})
	check("one file more", append(unread, logFile("c.log", "", "", false)))
	choose(Log{logFile("b.log", "", "22", true), logFile("a.log", "", "1", true)})
	check("as one", read, "", "")

	choose(Log{logFile("p.log", "pea", "same", true), logFile("q.log", "queue", "size", true)})
	check("files of one size", Log{logFile("q.log", "", "size", false), logFile("p.log", "", "same", false)}, "queue", "pea")

	if err := ChooseServers(t.Context(), dir, unread); err == nil {
		t.Error("a log that was not read to its end is known again")
	}
	names, err := beside(dir, chosenSuffix)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name+chosenSuffix), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check("damaged", unread)
}
