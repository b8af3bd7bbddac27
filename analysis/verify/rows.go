package verify

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// eachRow calls fn with each row of a CSV file by the names of its columns.
func eachRow(in io.Reader, fn func(row map[string]string) error) error {
	r := csv.NewReader(bufio.NewReaderSize(in, 1<<18))
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("no header: %w", err)
	}
	names := append([]string(nil), head...)
	row := make(map[string]string, len(names))
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, c := range cells {
			row[names[i]] = c
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}

// lineSum identifies a line. 16 bytes of a SHA-256 distinguish even lines that an attacker chose.
type lineSum [16]byte

// maxLines is how many lines of a file are compared one by one.
const maxLines = 4 << 20

// lineSums returns those of the lines of a file, false where there are too many.
func lineSums(path string) (sums []lineSum, ok bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, withoutPath(path, err)
	}
	defer f.Close()
	err = lines(f, func(_ int, line []byte) error {
		if len(sums) == maxLines {
			return errTooMany
		}
		sum := sha256.Sum256(line)
		sums = append(sums, lineSum(sum[:]))
		return nil
	})
	if errors.Is(err, errTooMany) {
		return nil, false, nil
	}
	return sums, true, err
}

var errTooMany = errors.New("too many lines")

// lines calls fn with each line of a file, line end included.
func lines(in io.Reader, fn func(i int, line []byte) error) error {
	r := bufio.NewReaderSize(in, 1<<18)
	var long []byte
	for i := 0; ; {
		part, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		line := part
		if len(long) > 0 {
			long = append(long, part...)
			line = long
		}
		if len(line) > 0 {
			if err := fn(i, line); err != nil {
				return err
			}
			i++
		}
		if err != nil {
			return nil
		}
		long = long[:0]
	}
}

// lineDifference is a line that is not the same in two files: of what should be, of what
// is, or of both; -1 for none. Lines count from 0.
type lineDifference struct {
	Kind
	want, got int
}

// compareLines names the lines in which two files differ. Lines that are on one side
// only are missing or new, or changed where they take the same place; of the others
// those are moved that come in another order.
func compareLines(want, got []lineSum) (list []lineDifference) {
	start := 0
	for start < min(len(want), len(got)) && want[start] == got[start] {
		start++
	}
	end := 0
	for end < min(len(want), len(got))-start && want[len(want)-1-end] == got[len(got)-1-end] {
		end++
	}
	want, got = want[start:len(want)-end], got[start:len(got)-end]
	count := map[lineSum]int{}
	for _, s := range got {
		count[s]++
	}
	var lost, both []int // of want
	for i, s := range want {
		if count[s] > 0 {
			count[s]--
			both = append(both, i)
		} else {
			lost = append(lost, i)
		}
	}
	var added, kept []int                // of got
	for j := len(got) - 1; j >= 0; j-- { // of several that are the same the last are added
		if s := got[j]; count[s] > 0 {
			count[s]--
			added = append(added, j)
		} else {
			kept = append(kept, j)
		}
	}
	reverse(added)
	reverse(kept)
	for len(lost) > 0 || len(added) > 0 {
		switch {
		case len(lost) > 0 && len(added) > 0 && len(want) == len(got) && lost[0] == added[0]:
			list = append(list, lineDifference{Changed, start + lost[0], start + added[0]})
			lost, added = lost[1:], added[1:]
		case len(added) == 0 || len(lost) > 0 && lost[0] <= added[0]:
			list = append(list, lineDifference{Missing, start + lost[0], -1})
			lost = lost[1:]
		default:
			list = append(list, lineDifference{New, -1, start + added[0]})
			added = added[1:]
		}
	}
	for k := range both {
		if want[both[k]] != got[kept[k]] {
			list = append(list, lineDifference{Moved, -1, start + kept[k]})
		}
	}
	return list
}

func reverse(list []int) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
}

// nameLines names the lines in which the file of an export differs from the one that it
// should be, which is at another path.
func (r *Result) nameLines(name, want, got string) error {
	should, ok, err := lineSums(want)
	if err != nil {
		return err
	}
	is, also, err := lineSums(got)
	if err != nil {
		return err
	}
	if !ok || !also {
		r.differs(Changed, "%s is not what the analysis gives; it is too long to compare it line by line", name)
		return nil
	}
	list := listing{Result: r}
	for _, d := range compareLines(should, is) {
		path, at := got, d.got
		if d.Kind == Missing {
			path, at = want, d.want
		}
		text, err := lineAt(path, at)
		if err != nil {
			return err
		}
		what := map[Kind]string{Missing: "line %d of what the analysis gives: %s", New: "line %d: %s", Changed: "line %d: %s", Moved: "line %d: %s"}[d.Kind]
		list.differs(d.Kind, "%s, "+what, name, at+1, quoted(strings.TrimRight(text, "\n")))
	}
	list.end(name, "lines")
	return nil
}

// lineAt returns the beginning of a line.
func lineAt(path string, at int) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", withoutPath(path, err)
	}
	defer f.Close()
	err = lines(f, func(i int, line []byte) error {
		if i == at {
			text = string(line[:min(len(line), 200)])
			return io.EOF
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text, err
}
