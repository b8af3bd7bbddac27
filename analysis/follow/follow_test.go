package follow

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/logfile"
)

// server is a log in a folder, as a server and logrotate leave it.
type server struct {
	t    *testing.T
	dir  string
	path string
}

func newServer(t *testing.T) *server {
	dir := t.TempDir()
	return &server{t, dir, filepath.Join(dir, "general.log")}
}

func (s *server) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) write(text string) {
	s.t.Helper()
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	s.check(err)
	_, err = f.WriteString(text)
	s.check(errors.Join(err, f.Close()))
}

func (s *server) beside(suffix string) string { return s.path + suffix }

func (s *server) rename(suffix string) { s.t.Helper(); s.check(os.Rename(s.path, s.beside(suffix))) }

func (s *server) copyTo(suffix string) {
	s.t.Helper()
	data, err := os.ReadFile(s.path)
	s.check(err)
	s.check(os.WriteFile(s.beside(suffix), data, 0o600))
}

func (s *server) truncate() { s.t.Helper(); s.check(os.Truncate(s.path, 0)) }

// compress replaces a file by its compressed form.
func (s *server) compress(suffix string) {
	s.t.Helper()
	data, err := os.ReadFile(s.beside(suffix))
	s.check(err)
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err = z.Write(data)
	s.check(errors.Join(err, z.Close()))
	s.check(os.WriteFile(s.beside(suffix)+".gz", out.Bytes(), 0o600))
	s.check(os.Remove(s.beside(suffix)))
}

// watch is a log that is followed, and what was read of it.
type watch struct {
	*Log
	s    *server
	text string
	lost int64
}

func (s *server) follow(paths ...string) *watch {
	s.t.Helper()
	l, err := Open(paths, logfile.Options{})
	s.check(err)
	s.t.Cleanup(func() { l.Close() })
	return &watch{Log: l, s: s}
}

// look looks once, and where there is more reads it all: it must begin with what was
// read before, unless that is lost.
func (w *watch) look() News {
	w.s.t.Helper()
	news, err := w.Look()
	w.s.check(err)
	w.lost += news.Lost
	if news.More == 0 {
		return news
	}
	set, err := w.Set()
	w.s.check(err)
	defer set.Close()
	var got strings.Builder
	w.s.check(set.Read(context.Background(), func(b *logfile.Block) error {
		defer b.Release()
		got.Write(b.Data)
		return nil
	}))
	if news.Lost == 0 && !strings.HasPrefix(got.String(), w.text) {
		w.s.t.Fatalf("the text was %q and is %q", w.text, got.String())
	}
	w.text = got.String()
	for _, f := range set.Files() {
		if !f.Done || len(f.Damage) > 0 {
			w.s.t.Errorf("%s: %+v", f.Name, f)
		}
	}
	return news
}

func (w *watch) reads(want string) {
	w.s.t.Helper()
	if w.text != want {
		w.s.t.Errorf("read %q, want %q", w.text, want)
	}
}

// TestGrows: whole lines count, the rest waits; a log that is not there yet is waited for.
func TestGrows(t *testing.T) {
	s := newServer(t)
	w := s.follow(s.path)
	if news := w.look(); !news.Waiting || news.More != 0 {
		t.Errorf("without a file: %+v", news)
	}
	s.write("")
	if news := w.look(); !news.Waiting {
		t.Errorf("with an empty one: %+v", news)
	}
	long := strings.Repeat("x", 3*markLen)
	for _, step := range []struct{ write, reads string }{
		{"one\ntw", "one\n"}, {"", "one\n"}, {"o\n" + long, "one\ntwo\n"}, {long, "one\ntwo\n"},
		{"\nfour\n", "one\ntwo\n" + long + long + "\nfour\n"},
	} {
		s.write(step.write)
		news := w.look()
		w.reads(step.reads)
		if news.Waiting || news.More > 0 && step.write == "" || len(news.Rotated) > 0 || news.Lost > 0 {
			t.Errorf("behind %.9q: %+v", step.write, news)
		}
	}
}

// TestRotations: by whatever way a file goes, what was in it stays the beginning of the
// log.
func TestRotations(t *testing.T) {
	for name, c := range map[string]struct {
		rotate  func(s *server, w *watch)
		rotated []string // without the folder
		removed bool
	}{
		"renamed": {func(s *server, _ *watch) { s.rename(".1") }, []string{".1"}, false},
		"renamed, and the server still writes to it": {func(s *server, w *watch) {
			s.rename(".1")
			s.write("") // logrotate's create
			w.look()
			f, err := os.OpenFile(s.beside(".1"), os.O_WRONLY|os.O_APPEND, 0)
			s.check(err)
			_, err = f.WriteString("late\n")
			s.check(errors.Join(err, f.Close()))
			w.look()
			w.reads("one\ntwo\nlate\n")
		}, []string{".1"}, false},
		"renamed and compressed": {func(s *server, _ *watch) { s.rename(".1"); s.compress(".1") }, []string{".1.gz"}, false},
		"renamed, and just being compressed": {func(s *server, _ *watch) {
			s.rename(".1")
			s.check(os.WriteFile(s.beside(".1.gz"), []byte("\x1f\x8b\x08"), 0o600))
		}, []string{".1"}, false},
		"copied, emptied and just being compressed": {func(s *server, _ *watch) {
			s.copyTo(".1")
			s.truncate()
			s.check(os.WriteFile(s.beside(".1.gz"), nil, 0o600))
		}, []string{".1"}, false},
		"by date":            {func(s *server, _ *watch) { s.rename("-20240102") }, []string{"-20240102"}, false},
		"removed":            {func(s *server, _ *watch) { s.check(os.Remove(s.path)) }, []string{" (removed)"}, true},
		"copied and emptied": {func(s *server, _ *watch) { s.copyTo(".1"); s.truncate() }, []string{".1"}, false},
		"copied, emptied and compressed": {func(s *server, _ *watch) {
			s.copyTo(".1")
			s.truncate()
			s.compress(".1")
		}, []string{".1.gz"}, false},
		"twice since the last look": {func(s *server, _ *watch) {
			s.rename(".1")
			s.write("between\n")
			s.check(os.Rename(s.beside(".1"), s.beside(".2")))
			s.rename(".1")
			s.compress(".2")
		}, []string{".2.gz", ".1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.check(os.WriteFile(s.beside(".5"), []byte("another day\n"), 0o600)) // not given, not read
			s.write("one\n")
			w := s.follow(s.path)
			w.look()
			s.write("two\n")
			w.look()
			c.rotate(s, w)
			s.write("three is longer than all before it\n")
			news := w.look()
			want := "one\ntwo\n"
			switch {
			case strings.Contains(name, "still writes"):
				want += "late\n"
			case strings.Contains(name, "twice"):
				want += "between\n"
			}
			w.reads(want + "three is longer than all before it\n")
			var rotated []string
			for _, path := range news.Rotated {
				rotated = append(rotated, strings.TrimPrefix(path, s.path))
			}
			if !slices.Equal(rotated, c.rotated) || news.Removed != c.removed || news.Lost != 0 {
				t.Errorf("%+v, want %q", news, c.rotated)
			}
			s.write("four\n")
			w.look()
			w.reads(want + "three is longer than all before it\nfour\n")
		})
	}
}

// TestCompressedCopy: a copy that is smaller by far than what it holds does not keep
// the lines of the new file from being seen.
func TestCompressedCopy(t *testing.T) {
	s := newServer(t)
	long := strings.Repeat("x\n", 1<<16)
	s.write(long)
	w := s.follow(s.path)
	w.look()
	s.copyTo(".1")
	s.truncate()
	s.compress(".1")
	w.look()
	for _, line := range []string{"one\n", "two\n"} {
		s.write(line)
		w.look()
		if !strings.HasSuffix(w.text, line) {
			t.Fatalf("%q is not read", line)
		}
	}
	w.reads(long + "one\ntwo\n")
}

// TestRotationIsTriedAgain: a look that fails in the middle of a rotation changes
// nothing, and the next one makes up for it.
func TestRotationIsTriedAgain(t *testing.T) {
	s := newServer(t)
	s.write("one\n")
	w := s.follow(s.path)
	w.look()
	known := w.files[0]
	s.check(known.f.Close()) // no file of it can be read
	s.rename(".1")
	s.write("two\n")
	if news, err := w.Look(); err == nil || len(news.Rotated) > 0 || len(w.files) != 1 || !known.grows {
		t.Errorf("%+v, %v; files %+v", news, err, w.files)
	}
	f, err := os.Open(s.beside(".1"))
	s.check(err)
	known.f = f
	if news := w.look(); !slices.Equal(news.Rotated, []string{s.beside(".1")}) {
		t.Errorf("%+v", news)
	}
	w.reads("one\ntwo\n")
}

// TestLost: a log that was emptied without a copy goes on with what is there, and how
// much is gone is known.
func TestLost(t *testing.T) {
	for name, again := range map[string]string{"shorter": "new\n", "longer": "new, and longer than what was there before\n"} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.check(os.WriteFile(s.beside(".1"), []byte("yesterday\n"), 0o600))
			s.write("one\ntwo\n")
			w := s.follow(s.beside(".1"), s.path)
			w.look()
			w.reads("yesterday\none\ntwo\n")
			s.truncate()
			s.write(again)
			if news := w.look(); news.Lost != int64(len("one\ntwo\n")) || len(news.Rotated) > 0 {
				t.Errorf("%+v", news)
			}
			w.reads("yesterday\n" + again)
			if news := w.look(); news.Lost != 0 || news.More != 0 {
				t.Errorf("a second time: %+v", news)
			}
		})
	}
}

// TestOpenRefuses what cannot be followed.
func TestOpenRefuses(t *testing.T) {
	s := newServer(t)
	s.write("one\n")
	s.copyTo(".1")
	s.compress(".1")
	for want, paths := range map[string][]string{
		"it is compressed (gzip)": {s.beside(".1.gz")},
		"there is neither it nor": {s.beside(".8"), s.beside(".9")},
		"is a directory":          {s.dir},
		"the same file as":        {s.path, s.path},
	} {
		if _, err := Open(paths, logfile.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", paths, err, want)
		}
	}
}
