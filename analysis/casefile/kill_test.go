//go:build linux

package casefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sqleuth/analysis/label"
)

// The tests of this file run the test binary again as another sqleuth, whose task
// is in the environment.
const (
	roleVariable = "CASEFILE_TEST_ROLE"
	dirVariable  = "CASEFILE_TEST_DIR"
)

func TestMain(m *testing.M) {
	var err error
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case "generations":
		err = saveGenerations(os.Getenv(dirVariable))
	case "disk full":
		err = saveOnFullDisk(os.Getenv(dirVariable))
	default:
		err = saveMine(os.Getenv(dirVariable), role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"="+role, dirVariable+"="+dir)
	return cmd
}

const generationSize = 3000 // labels; some 300 KB, so that a write is long enough to be hit

// saveGenerations saves for ever. Every save gives all connections one and the
// same new time, so a file with two times is a mixture.
func saveGenerations(dir string) error {
	f, seen, err := Open(dir, testKey)
	if err != nil {
		return err
	}
	book := label.NewBook(seen.Labels)
	var refs []label.Ref
	for id := range uint64(generationSize) {
		refs = append(refs, ref(id))
	}
	for generation := 0; ; generation++ {
		class := []string{label.LoginAttack, label.GetUserTable}[generation%2]
		if v, ok := book.Set().Verdict(refs[0]); ok && v.Class == class {
			continue
		}
		if _, err := book.Assign(refs, class, label.ByAnalyst, noon.Add(time.Duration(generation)*time.Second)); err != nil {
			return err
		}
		saved, err := f.Save(context.Background(), seen, Case{Labels: book.Set()})
		if err != nil {
			return err
		}
		seen = saved.Case
		if generation == 0 {
			fmt.Println("saving")
		}
	}
}

func TestKilledInTheMiddleOfSaves(t *testing.T) {
	dir := t.TempDir()
	interrupted := 0
	for round := range 12 {
		cmd := child(t, "generations", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if round == 0 { // from now on there is a file
			if _, err := out.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Duration(20+7*round) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
			t.Fatalf("round %d: the saver ended by itself: %v", round, err)
		}

		if _, err := os.Stat(filepath.Join(dir, testKey.String()+".json.tmp")); err == nil {
			interrupted++
		}
		p := open(t, dir) // parses, or the test ends here
		verdicts := map[label.Verdict]int{}
		for r := range p.book.Set().All() {
			verdicts[r.Verdict]++
		}
		for v, n := range verdicts {
			if len(verdicts) != 1 || n != generationSize {
				t.Fatalf("round %d: a mixture, %d verdicts %v of %d", round, n, v, len(verdicts))
			}
		}
		if len(verdicts) == 0 {
			t.Fatalf("round %d: the labels are gone", round)
		}
	}
	t.Logf("%d of the rounds were killed while the new file was being written", interrupted)

	// The next save is not stopped by what the killed ones left.
	p := open(t, dir)
	p.label(t, label.Normal, noon.Add(time.Hour), ref(0))
	p.save(t)
	left, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

const savesEach = 15

// saveMine gives connections of its own server run a label each, a save each.
func saveMine(dir, role string) error {
	var epoch uint32
	if _, err := fmt.Sscanf(role, "run %d", &epoch); err != nil {
		return err
	}
	f, seen, err := Open(dir, testKey)
	if err != nil {
		return err
	}
	book := label.NewBook(seen.Labels)
	for id := range uint64(savesEach) {
		if _, err := book.Assign([]label.Ref{{Epoch: epoch, ID: id}}, label.LoginAttack, label.ByAnalyst, noon); err != nil {
			return err
		}
		sent := Case{Labels: book.Set()}
		saved, err := f.Save(context.Background(), seen, sent)
		if err != nil {
			return err
		}
		book.Absorb(sent.Labels, saved.Case.Labels)
		seen = saved.Case
	}
	return nil
}

func TestSeveralProcesses(t *testing.T) {
	dir := t.TempDir()
	const processes = 3
	var running []*exec.Cmd
	for n := range processes {
		cmd := child(t, fmt.Sprint("run ", n+1), dir)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if got := open(t, dir).book.Set().Labelled(); got != processes*savesEach {
		t.Errorf("%d labels of %d are left", got, processes*savesEach)
	}
}

// saveOnFullDisk saves a small case, then fails to save a large one.
func saveOnFullDisk(dir string) error {
	f, seen, err := Open(dir, testKey)
	if err != nil {
		return err
	}
	book := label.NewBook(seen.Labels)
	if _, err := book.Assign([]label.Ref{ref(1)}, label.LoginAttack, label.ByAnalyst, noon); err != nil {
		return err
	}
	saved, err := f.Save(context.Background(), seen, Case{Labels: book.Set()})
	if err != nil {
		return err
	}
	// A limit on the size of files ends a write in its middle, as a full disk does.
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: 4096}); err != nil {
		return err
	}
	var refs []label.Ref
	for id := range uint64(1000) {
		refs = append(refs, ref(id))
	}
	if _, err := book.Assign(refs, label.GetUserTable, label.ByAnalyst, noon); err != nil {
		return err
	}
	if _, err := f.Save(context.Background(), saved.Case, Case{Labels: book.Set()}); !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("saved a large case with: %w", err)
	}
	if book.Set().Labelled() != len(refs) {
		return errors.New("labels are gone from memory")
	}
	return nil
}

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if out, err := child(t, "disk full", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if s := open(t, dir).book.Set(); s.Labelled() != 1 || s.Class(ref(1)) != label.LoginAttack {
		t.Error("the case is not as it was before the failed save")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 2 || strings.HasSuffix(strings.Join(names, "|"), ".tmp") { // case and lock
		t.Errorf("left in the folder: %v, %v", names, err)
	}
}
