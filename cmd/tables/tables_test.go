package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
)

// writeLog writes a log of entries, each a command, a TAB and an argument.
func writeLog(t *testing.T, name string, entries ...string) string {
	t.Helper()
	var b strings.Builder
	for i, e := range entries {
		fmt.Fprintf(&b, "2025-03-11T05:53:05.%06dZ\t    3 %s\n", i, e)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFigures(t *testing.T) {
	path := writeLog(t, "general.log",
		"Connect\tuser@host on db using TCP/IP",
		"Query\tSELECT 1",
		"Query\tSET NAMES utf8",
		"Prepare\tSELECT a FROM t WHERE b = ?",
		"Execute\tSELECT a FROM t WHERE b = 1",
		"Query\tSELECT a FROM t",
		"Query\tselect a from t",
		"Query\tSELECT a FROM `t`",
		"Query\tSELECT a FROM t WHERE b IN (SELECT c FROM u )",
		"Query\tINSERT INTO `t` (`a`) VALUES (1) ON DUPLICATE KEY UPDATE `a` = VALUES(`a`)",
		"Query\tSELECT a FROM t WHERE b = 'FROM x'",
		"Query\tSELECT a FROM \x1b[2J \u202e",
		"Query\tREPLACE ",
		"Quit\t",
	)
	var out strings.Builder
	if err := run(context.Background(), []string{path}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"14 entries, 9 of them statements that need a table",
		"SELECT 7 6 85.714 %",
		"INSERT 1 1 100.000 %",
		"UPDATE 0 0 -",
		"REPLACE 1 0 0.000 %",
		"all 9 7 77.778 %",
		"without their main table: 2",
		`SELECT a FROM ␛[2J \u202e`,
		kindNames[mainTable] + " 1 11.111 %",
		kindNames[decorated] + " 1 11.111 %",
		kindNames[otherTable] + " 1 11.111 %",
		kindNames[otherName] + " 1 11.111 %",
		kindNames[fragment] + " 2 22.222 %",
		kindNames[nothing] + " 3 33.333 %",
		"a (INSERT at byte ",
		"x' (SELECT at byte ",
		"no table, in all 6 66.667 %",
	} {
		if !strings.Contains(squeeze(out.String()), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
	for _, r := range out.String() {
		if r == 0x1b || r == 0x202e {
			t.Errorf("%U reaches the terminal", r)
		}
	}
}

// squeeze makes runs of blanks one.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestListIsBounded(t *testing.T) {
	var entries []string
	for i := range maxListed + 7 {
		entries = append(entries, fmt.Sprintf("Query\tREPLACE /* %d */", i))
	}
	var out strings.Builder
	if err := run(context.Background(), []string{writeLog(t, "general.log", entries...)}, &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "REPLACE /*"); got != maxListed {
		t.Errorf("%d statements are listed, want %d", got, maxListed)
	}
	if !strings.Contains(out.String(), "and 7 more") {
		t.Errorf("the rest is not counted in\n%s", out.String())
	}
}

// Entries longer than a block and files that follow each other come whole.
func TestRead(t *testing.T) {
	long := "Query\tSELECT '" + strings.Repeat("x\n", 3<<20) + "' FROM t"
	a := writeLog(t, "a.log", "Query\tSELECT 1", long, "Query\tSELECT 2")
	b := writeLog(t, "b.log", "Query\tSELECT 3", long)
	set, err := logfile.Open([]string{a, b}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var got []int
	if err := read(context.Background(), set, func(r *genlog.Record) { got = append(got, len(r.Argument)) }); err != nil {
		t.Fatal(err)
	}
	n := len(long) - len("Query\t")
	if want := []int{8, n, 8, 8, n}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("arguments of %v bytes, want %v", got, want)
	}
}

func TestMissingFile(t *testing.T) {
	if err := run(context.Background(), []string{filepath.Join(t.TempDir(), "none.log")}, &strings.Builder{}); err == nil {
		t.Error("no error")
	}
}
