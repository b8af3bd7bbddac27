package pandascsv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// The wanted texts were printed by Python 3.11: csv.writer(lineterminator="\n"),
// except for the row with a carriage return (see AppendField).
func TestRow(t *testing.T) {
	for _, tt := range []struct {
		row  []string
		want string
	}{
		{[]string{"a", "b"}, "a,b\n"},
		{[]string{""}, "\"\"\n"},
		{[]string{"", ""}, ",\n"},
		{[]string{}, "\n"},
		{[]string{" a", `x"y`}, " a,\"x\"\"y\"\n"},
		{[]string{`"`}, "\"\"\"\"\n"},
		{[]string{"c\nd", "1,2"}, "\"c\nd\",\"1,2\"\n"},
		{[]string{"a\rb"}, "\"a\rb\"\n"},
		{[]string{"'", "#", "-", "\x00", "é"}, "',#,-,\x00,é\n"},
	} {
		var out bytes.Buffer
		if err := NewWriter(&out).Row(tt.row...); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != tt.want {
			t.Errorf("Row(%q)\n got %q\nwant %q", tt.row, got, tt.want)
		}
	}
}

func TestBuiltRow(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	w.AppendInt(-7)
	w.AppendFloat(2)
	w.AppendFloat(math.NaN())
	w.AppendField("x,y")
	if err := w.EndRow(); err != nil {
		t.Fatal(err)
	}
	if err := w.Row("next"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "-7,2.0,,\"x,y\"\nnext\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

type failing struct{ after int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.after == 0 {
		return 0, errFull
	}
	f.after--
	return len(p), nil
}

func TestErrorIsKept(t *testing.T) {
	w := NewWriter(&failing{after: 1})
	for i, want := range []error{nil, errFull, errFull} {
		if err := w.Row("a"); !errors.Is(err, want) {
			t.Errorf("row %d: error %v, want %v", i, err, want)
		}
	}
}

// The wanted texts are Python's repr.
func TestAppendFloat(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want string
	}{
		{0, "0.0"}, {math.Copysign(0, -1), "-0.0"}, {5, "5.0"}, {-5, "-5.0"}, {0.1, "0.1"},
		{1e15, "1000000000000000.0"}, {9999999999999998, "9999999999999998.0"},
		{1e16, "1e+16"}, {12345678901234567890, "1.2345678901234567e+19"},
		{1e22, "1e+22"}, {1e100, "1e+100"}, {1.5e-7, "1.5e-07"},
		{0.0001, "0.0001"}, {0.00012345, "0.00012345"}, {0.00001, "1e-05"}, {0.000099999, "9.9999e-05"},
		{1.0 / 3, "0.3333333333333333"}, {math.MaxFloat64, "1.7976931348623157e+308"},
		{math.SmallestNonzeroFloat64, "5e-324"}, {123456.789, "123456.789"},
		{math.Inf(1), "inf"}, {math.Inf(-1), "-inf"}, {math.NaN(), "nan"},
	} {
		if got := string(AppendFloat(nil, tt.v)); got != tt.want {
			t.Errorf("AppendFloat(%g) = %s, want %s", tt.v, got, tt.want)
		}
	}
}

func FuzzAppendFloat(f *testing.F) {
	for _, v := range []float64{0, 1, 0.1, 1e16, 1e-5, 123456789012345680} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		text := string(AppendFloat([]byte("x"), v))
		back, err := strconv.ParseFloat(text[1:], 64)
		if err != nil {
			t.Fatal(err)
		}
		if math.Float64bits(back) != math.Float64bits(v) && !math.IsNaN(v) {
			t.Errorf("%v written as %s reads back as %v", v, text, back)
		}
	})
}

// Whatever is written is read back, except that Go's reader turns "\r\n" inside
// a quoted cell into "\n".
func FuzzRow(f *testing.F) {
	f.Add("a", "b")
	f.Add("", "\"")
	f.Add("a\nb", ",")
	f.Fuzz(func(t *testing.T, a, b string) {
		if bytes.ContainsRune([]byte(a+b), '\r') {
			return // Go's reader may change it
		}
		var out bytes.Buffer
		if err := NewWriter(&out).Row(a, b); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&out).Read()
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{a, b}; !reflect.DeepEqual(got, want) {
			t.Errorf("wrote %q, read %q", want, got)
		}
	})
}

// A long cell leaves in parts that give the same row.
func TestLongCells(t *testing.T) {
	for _, cell := range []string{
		strings.Repeat("x", 3*part), strings.Repeat("x", part), strings.Repeat(`"`, 2*part+1),
		strings.Repeat("x", part-1) + `"` + strings.Repeat("y", part) + "\n", strings.Repeat("é,", part),
	} {
		var b bytes.Buffer
		w := NewWriter(&b)
		if err := w.Row("first", cell, "last"); err != nil {
			t.Fatal(err)
		}
		if err := w.Row(cell); err != nil {
			t.Fatal(err)
		}
		field := string(AppendField(nil, cell))
		if want := "first," + field + ",last\n" + field + "\n"; b.String() != want {
			t.Errorf("%.20q of %d bytes: row of %d bytes, want %d", cell, len(cell), b.Len(), len(want))
		}
		if cap(w.row) > 4*part {
			t.Errorf("%.20q of %d bytes: %d bytes are held", cell, len(cell), cap(w.row))
		}
	}
}
