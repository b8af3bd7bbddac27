package logfile

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestOpenFiles: a set has the bytes that a file had, whatever is written behind them,
// gives them back, and notices where they are others; the file stays open.
func TestOpenFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte("first\nsecond\nhalf"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const size = int64(len("first\nsecond\n"))
	s, err := OpenFiles([]Opened{{path, f, size}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	grow := func(text string, flag int) {
		t.Helper()
		out, err := os.OpenFile(path, os.O_WRONLY|flag, 0)
		if err == nil {
			_, err = out.WriteString(text)
		}
		if err = errors.Join(err, out.Close()); err != nil {
			t.Fatal(err)
		}
	}
	grow(" a line\n", os.O_APPEND)
	var got bytes.Buffer
	if err := s.Read(context.Background(), func(b *Block) error {
		defer b.Release()
		got.Write(b.Data)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got.String() != "first\nsecond\n" || s.Files()[0].RawSize != size {
		t.Errorf("read %q, %d raw bytes", got.String(), s.Files()[0].RawSize)
	}
	again := make([]byte, 6)
	grow("more\n", os.O_APPEND)
	if _, err := s.ReadAt(again, 6); err != nil || string(again) != "second" {
		t.Errorf("read again: %q, %v", again, err)
	}
	grow("other\n", os.O_TRUNC)
	if _, err := s.ReadAt(again, 6); err == nil {
		t.Errorf("%q was read again from a file that is another one", again)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Stat(); err != nil {
		t.Errorf("the set has closed the file: %v", err)
	}
}
