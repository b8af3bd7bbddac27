package analysis_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports says which packages of this module each package may import, tests
// aside. A package that is not listed fails the test, so that a new one, or a
// new arrow, is a decision.
var imports = map[string][]string{
	"testdata": {},

	"analysis":                              {},
	"analysis/store":                        {},
	"analysis/genlog":                       {},
	"analysis/sqltext":                      {},
	"analysis/drain":                        {},
	"analysis/pandascsv":                    {},
	"analysis/visible":                      {},
	"analysis/metrics":                      {},
	"analysis/label":                        {},
	"analysis/logfile":                      {},
	"analysis/forest/internal/numpyrand":    {},
	"analysis/forest":                       {"analysis/forest/internal/numpyrand", "analysis/metrics"},
	"analysis/notebook":                     {"analysis/genlog"},
	"analysis/reading":                      {"analysis/genlog", "analysis/label", "analysis/notebook", "analysis/sqltext"},
	"analysis/connection":                   {"analysis/label", "analysis/store"},
	"analysis/count":                        {"analysis/connection", "analysis/metrics", "analysis/store"},
	"analysis/feature":                      {"analysis/forest"},
	"analysis/model":                        {"analysis/connection", "analysis/feature", "analysis/forest", "analysis/label", "analysis/metrics", "analysis/reading", "analysis/store"},
	"analysis/casefile":                     {"analysis/label"},
}

// terminal lists what must not be imported below analysis.
var terminal = []string{"github.com/charmbracelet/", "github.com/guptarohit/asciigraph", "github.com/muesli/", "github.com/aymanbagabas/"}

func TestWhoImportsWhom(t *testing.T) {
	root := ".."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); file != root && (strings.HasPrefix(name, ".") || name == "bin" || name == "dist") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		allowed, listed := imports[pkg]
		if !listed && !seen[pkg] {
			t.Errorf("%s: package %q is not in the table of imports", rel, pkg)
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if strings.HasPrefix(pkg, "analysis") {
				for _, prefix := range terminal {
					if strings.HasPrefix(to, prefix) {
						t.Errorf("%s imports %s: nothing under analysis may know a terminal", rel, to)
					}
				}
			}
			if to, ok := strings.CutPrefix(to, "sqleuth/"); ok && listed && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s, which the table of imports does not allow", rel, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range imports {
		if !seen[pkg] && pkg != "analysis" {
			t.Errorf("the table of imports lists %q, which does not exist", pkg)
		}
	}
}
