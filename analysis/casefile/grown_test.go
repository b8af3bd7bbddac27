package casefile

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestContinued: a case is found again when its log has grown, and by no other log.
func TestContinued(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder [1]")
	head := strings.Repeat("the same server\n", headLen/16)
	at := func(text string) Key { return KeyOf(sha256.Sum256([]byte(text))) }
	// open returns the key of the case of a log, and keeps one where it is asked to.
	open := func(text string, keep bool) Key {
		t.Helper()
		key, err := Continued(dir, at(text), strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		if !keep {
			return key
		}
		f, c, err := Open(dir, key)
		if err == nil {
			_, err = f.Save(context.Background(), c, c)
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := NewGrowing(strings.NewReader(text)).Reach(int64(len(text)))
		if err == nil {
			err = f.Begins(b)
		}
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	short := head[:headLen-1]
	if open(short, true) != at(short) || open(head, false) != at(head) {
		t.Error("what every log of the server begins with is taken for a case")
	}
	first, second := head+"first\n", head+"second\n"
	if open(first, true) != at(first) || open(second, true) != at(second) {
		t.Error("two logs share a case")
	}
	if got := open(first+"more\n", true); got != at(first) {
		t.Error("the case of a log that has grown is not found")
	}
	// It is known as far as it had grown then.
	for text, want := range map[string]Key{
		first + "more\nand more\n": at(first), first + "less\n": at(first + "less\n"), first: at(first),
		second + "more\n": at(second), head + "third\n": at(head + "third\n"),
	} {
		if got := open(text, false); got != want {
			t.Errorf("%.9q: %v, want %v", text[headLen:], got, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, at(first).String()+beginningSuffix), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := open(first+"more\n", false); got != at(first+"more\n") {
		t.Error("a damaged file finds a case")
	}
}

// TestGrowing reads each byte once, and begins anew with a text that is shorter.
func TestGrowing(t *testing.T) {
	text := strings.Repeat("0123456789\n", 1000)
	g := NewGrowing(strings.NewReader(text))
	for _, size := range []int64{3, 500, headLen, headLen + 1, 9000, 9000, 2000} {
		got, err := g.Reach(size)
		want, wrong := NewGrowing(strings.NewReader(text)).Reach(size)
		if got != want || err != nil || wrong != nil {
			t.Errorf("%d bytes: %+v, %v, want %+v, %v", size, got, err, want, wrong)
		}
	}
	if _, err := g.Reach(int64(len(text)) + 1); err == nil {
		t.Error("a text that ends early is no error")
	}
}
