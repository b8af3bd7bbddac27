package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sqleuth": func() { os.Exit(run(context.Background(), os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr})) },
		// The whole program, which signals end.
		"sqleuth-main": main,
	})
}

// The command line as a person types it; each script is one use of it.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Abs("testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	params := testscript.Params{
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", data)
			env.Setenv("CASE", cases)
			env.Setenv("INCIDENT", filepath.Join(data, "wordpress-bruteforce"))
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"oneline": oneline,
			"cut":     cut,
			"damage":  damage,
			"rows":    rows,
			"status":  status,
			"pack":    pack,
		},
	}
	if raced() {
		for _, name := range concurrent {
			params.Files = append(params.Files, filepath.Join("testdata", "script", name+".txtar"))
		}
	} else {
		params.Dir = filepath.Join("testdata", "script")
	}
	testscript.Run(t, params)
}

// concurrent are the scripts that run under the race detector, which makes the program
// ten times as slow: whatever it does in goroutines is in one of them, or in tests of the
// package that starts them.
var concurrent = []string{"follow", "stream", "verify"}

// raced reports whether the race detector looks on.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// oneline checks that the last command's standard error is one line.
func oneline(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile("stderr")
	lines := 0
	for _, c := range text {
		if c == '\n' {
			lines++
		}
	}
	if (lines == 1) == neg {
		ts.Fatalf("standard error has %d lines: %q", lines, text)
	}
}

// cut copies the first bytes of a file: cut FILE BYTES TO.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b[:n], 0o644))
}

// damage copies a file with 64 bytes overwritten: damage FILE AT TO.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	for i := range 64 {
		b[at+i] = 0xAA
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o644))
}

// rows checks that every row of a CSV file, of which there are some, has a value
// in a column: rows FILE COLUMN VALUE. Negated: that none has.
func rows(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	ts.Check(err)
	column := slices.Index(all[0], args[1])
	if column < 0 || len(all) < 2 {
		ts.Fatalf("%s has %d rows under %q, want some with %s", args[0], len(all)-1, all[0], args[1])
	}
	for i, row := range all[1:] {
		if (row[column] == args[2]) == neg {
			ts.Fatalf("row %d of %s has %s %q", i+1, args[0], args[1], row[column])
		}
	}
}

// pack makes a tar archive, compressed where its name ends in gz: pack TO FILE...
func pack(ts *testscript.TestScript, _ bool, args []string) {
	to, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer to.Close()
	var w io.WriteCloser = to
	if strings.HasSuffix(args[0], "gz") {
		w = gzip.NewWriter(to)
		defer w.Close()
	}
	archive := tar.NewWriter(w)
	for _, name := range args[1:] {
		data := []byte(ts.ReadFile(name))
		ts.Check(archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data))}))
		_, err := archive.Write(data)
		ts.Check(err)
	}
	ts.Check(archive.Close())
}

// status checks the exit status of a command: status 2 sqleuth report.
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%q: %v", args[1:], err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%q ended with %d, want %s", args[1:], code, args[0])
	}
}
