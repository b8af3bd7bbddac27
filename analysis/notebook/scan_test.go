package notebook

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"sqleuth/analysis/genlog"
)

const reference = "../../testdata/reference/synthetic/"

func gunzip(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// forget remembers nothing.
func forget([]byte) (int32, bool, bool) { return -1, false, false }

// preprocess cuts log into chunks of about size bytes and returns the
// preprocessed file.
func preprocess(log []byte, size int) (out []byte, cov genlog.Coverage) {
	var s Scanner
	var split Splitter
	for from := 0; from < len(log); {
		to := min(from+size, len(log))
		for to < len(log) {
			if at := split.LastStart(log[from:to], false); at > 0 {
				to = from + at
				break
			}
			to = min(to+size, len(log))
		}
		c := genlog.Chunk{Data: log[from:to], Offset: int64(from), First: split.Fresh(), Last: to == len(log)}
		s.Scan(c, &cov, func() {}, forget, func(r *Record) { out = r.AppendLine(out) })
		split.Cut(c.Data)
		from = to
	}
	return out, cov
}

// The made-up log has the corners of the preprocessing, and the notebook's own
// file is its answer; where the log is cut into chunks must not show.
func TestPreprocessedFileIsTheNotebooks(t *testing.T) {
	log := gunzip(t, reference+"general.log.gz")
	want := gunzip(t, reference+"preproc-general.log.gz")
	for _, size := range []int{1 << 30, 1 << 16, 5000, 300} {
		got, cov := preprocess(log, size)
		if cov.Bytes() != int64(len(log)) {
			t.Errorf("chunks of %d: %d bytes accounted for, the log has %d", size, cov.Bytes(), len(log))
		}
		if bytes.Equal(got, want) {
			continue
		}
		g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
		for i := range min(len(g), len(w)) {
			if !bytes.Equal(g[i], w[i]) {
				t.Errorf("chunks of %d, line %d:\n got %q\nwant %q", size, i+1, g[i], w[i])
				break
			}
		}
		if len(g) != len(w) {
			t.Errorf("chunks of %d: %d lines, want %d", size, len(g), len(w))
		}
	}
}
