package logfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// A log in memory must read like the same log in a file.
func TestOpenBytes(t *testing.T) {
	text := bytes.Repeat([]byte("one line of a log\n"), 5000)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{text, packed.Bytes()} {
		s, err := OpenBytes("built-in", raw, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		if err := s.Read(context.Background(), func(b *Block) error {
			defer b.Release()
			got = append(got, b.Data...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("read %d bytes, want %d", len(got), len(text))
		}
		again := make([]byte, 100)
		if _, err := s.ReadAt(again, 1234); err != nil && err != io.EOF {
			t.Error(err)
		} else if !bytes.Equal(again, text[1234:1334]) {
			t.Errorf("read %q again", again)
		}
		if f := s.Files()[0]; f.SHA256 != sha256.Sum256(raw) || f.RawSize != int64(len(raw)) || f.Name != "built-in" {
			t.Errorf("file is %+v", f)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
