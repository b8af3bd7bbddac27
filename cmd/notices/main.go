// Command notices writes the licences of everything that is linked into sqleuth, on
// any of the systems it is built for, to standard output: what its binaries must carry
// along.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// systems are those that sqleuth is built for; what is linked in does not depend on
// the processor.
var systems = []string{"darwin", "linux", "windows"}

// dependency is a package that is linked in.
type dependency struct {
	module, version string
	dir, moduleDir  string
}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	var all []dependency
	for _, system := range systems {
		list, err := dependencies(system)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b dependency) int { return strings.Compare(a.module, b.module) })
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "sqleuth is linked with the following. Each stands under its own licence.\n")
	// Go's own library is no module; its version is that of the compiler, which a
	// binary names itself.
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	if err := section(w, "Go", "runtime and standard library", []string{filepath.Join(strings.TrimSpace(string(root)), "LICENSE")}); err != nil {
		return err
	}
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(d dependency) bool { return d.module != all[0].module })
		if n < 0 {
			n = len(all)
		}
		files, err := licences(all[:n])
		if err != nil {
			return err
		}
		if err := section(w, all[0].module, all[0].version, files); err != nil {
			return err
		}
		all = all[n:]
	}
	return w.Flush()
}

// dependencies lists the packages of other modules that are linked in on a system.
func dependencies(system string) (list []dependency, err error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{$.Dir}}\t{{.Dir}}{{end}}{{end}}", "./cmd/sqleuth")
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list for %s: %w", system, err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 4 {
			list = append(list, dependency{f[0], f[1], f[2], f[3]})
		}
	}
	return list, nil
}

// licences finds the texts of a module: those of the module and of each package
// that has one of its own.
func licences(packages []dependency) (files []string, err error) {
	dirs := []string{packages[0].moduleDir}
	for _, p := range packages {
		for dir := p.dir; len(dir) > len(p.moduleDir); dir = filepath.Dir(dir) {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := strings.ToUpper(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())))
			if !e.IsDir() && slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, name) {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
	}
	return files, nil
}

// section writes one module with its texts.
func section(w io.Writer, name, version string, files []string) error {
	fmt.Fprintf(w, "\n%s\n%s %s\n", strings.Repeat("-", 80), name, version)
	if len(files) == 0 {
		fmt.Fprintf(w, "\nThe module carries no licence text; see where it is published.\n")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(w, "\n%s\n", bytes.TrimSpace(text))
	}
	return nil
}
