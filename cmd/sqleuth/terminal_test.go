//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTheTerminalIsAskedNothing: a terminal that answers no question must not hold
// the program up, and one that answers late must not type into it. So no command
// sends one: neither for colours (OSC) nor for the cursor or a status (CSI n, c).
func TestTheTerminalIsAskedNothing(t *testing.T) {
	for _, c := range []struct {
		args       []string
		typed      string // when until is on the screen
		until, end string
	}{
		{args: []string{"version"}, end: version},
		// ctrl+z in a window without a shell does not hang.
		{args: []string{"demo"}, until: "Suspects", typed: "\x1a", end: "could not suspend"},
		{args: []string{"demo"}, until: "Suspects", typed: "q", end: "\x1b[?1049l"},
	} {
		out := inTerminal(t, c.args, c.until, c.typed, c.end)
		for _, question := range []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[5n", "\x1b[c", "\x1b[0c"} {
			if strings.Contains(out, question) {
				t.Errorf("%q asks the terminal %q", c.args, question)
			}
		}
		if !strings.Contains(out, c.end) {
			t.Errorf("%q ends without %q:\n%q", c.args, c.end, out)
		}
	}
}

// inTerminal runs the program in a terminal of its own, which answers nothing. It
// types a text when another one is on the screen, and returns what the program has
// written when end was there.
func inTerminal(t *testing.T, args []string, until, typed, end string) string {
	t.Helper()
	ptmx, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer ptmx.Close()
	n, err := unix.IoctlGetInt(int(ptmx.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(ptmx.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(ptmx.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100}); err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sqleuth-main", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=", "XDG_DATA_HOME="+t.TempDir(), "LANG=C.UTF-8")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	var out bytes.Buffer
	buf := make([]byte, 4096)
	for {
		n, err := ptmx.Read(buf)
		out.Write(buf[:n])
		if typed != "" && strings.Contains(out.String(), until) {
			if _, err := ptmx.WriteString(typed); err != nil {
				t.Fatal(err)
			}
			typed = ""
		}
		if err != nil || typed == "" && strings.Contains(out.String(), end) {
			return out.String() // an error is the end of the terminal's last user
		}
	}
}
