//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

// A signal that ends the program ends it in the same way, whichever it is.
func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			// Where the tests run under nohup, what they start would ignore the signal, too.
			caught := make(chan os.Signal, 1)
			signal.Notify(caught, sig)
			defer signal.Stop(caught)
			cmd := exec.Command("sqleuth-main", "export", "--out", t.TempDir(), "-")
			cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+t.TempDir())
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// More than a pipe holds: the program is reading when it is written.
			line := "2024-07-10T05:25:05.058758Z\t    1 Query\tSELECT 1\n"
			if _, err := in.Write(bytes.Repeat([]byte(line), 1<<20/len(line))); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
				t.Errorf("ended with %v, want exit status 1", err)
			}
			if got := stderr.String(); got != "sqleuth: stopped\n" {
				t.Errorf("standard error is %q", got)
			}
		})
	}
}
