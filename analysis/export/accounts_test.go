package export

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/reading"
)

// TestAccountsCountEachLogin once, in the column of its outcome.
func TestAccountsCountEachLogin(t *testing.T) {
	s, _ := load(t, reading.Correct, synthetic+"general.log.gz", synthetic+"labels.csv")
	want := map[string]int{}
	for c := range s.Connections.Len() {
		switch s.Connections.Peek(c).Outcome {
		case connection.Accepted:
			want["in"]++
		case connection.Denied, connection.Failed:
			want["refused"]++
		case connection.Pending:
			want["no_outcome"]++
		}
	}
	for _, u := range s.Connections.UserChanges() {
		if u.Refused {
			want["refused"]++
		} else {
			want["in"]++
		}
	}
	want["tries"] = want["in"] + want["refused"] + want["no_outcome"]
	var out bytes.Buffer
	if err := writeRows(newSheet(&out, cellText{guard: Guard}), accountColumns(s), accountRows(t.Context(), s)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, row := range rows[1:] {
		for k, name := range rows[0] {
			if want[name] > 0 {
				n, err := strconv.Atoi(row[k])
				if err != nil {
					t.Fatal(err)
				}
				got[name] += n
			}
		}
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %d in rows, %d in the log", name, got[name], n)
		}
	}
}
