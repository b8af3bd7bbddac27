package analysis_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports lists the packages of this module that each package may import, tests
// aside. A package that is not listed fails the test, so that a new one, or a new
// arrow, is a decision.
var imports = map[string][]string{
	"cmd/weights":                        {"analysis/evaluation", "analysis/suspicion"},
	"cmd/tables":                         {"analysis/genlog", "analysis/logfile", "analysis/notebook", "analysis/sqltext", "analysis/visible"},
	"testdata":                           {},
	"analysis":                           {},
	"analysis/account":                   {"analysis/connection", "analysis/loaded", "analysis/principal", "analysis/store", "analysis/wording"},
	"analysis/casefile":                  {"analysis/filelock", "analysis/label", "analysis/wording"},
	"analysis/connection":                {"analysis/label", "analysis/sqltext", "analysis/store"},
	"analysis/connection/servertest":     {"analysis/connection"},
	"analysis/count":                     {"analysis/connection", "analysis/loaded", "analysis/metrics", "analysis/store"},
	"analysis/detect":                    {"analysis/connection", "analysis/drain", "analysis/fact", "analysis/loaded", "analysis/parallel", "analysis/principal", "analysis/rule", "analysis/sqltext", "analysis/store", "analysis/wording"},
	"analysis/drain":                     {},
	"analysis/drain/drainref":            {"analysis/drain", "analysis/pandascsv"},
	"analysis/evaluation":                {"analysis/connection", "analysis/detect", "analysis/label", "analysis/learned", "analysis/logfile", "analysis/pipeline", "analysis/rule", "analysis/suspicion"},
	"analysis/export":                    {"analysis/account", "analysis/casefile", "analysis/connection", "analysis/count", "analysis/detect", "analysis/drain", "analysis/fact", "analysis/feature", "analysis/filelock", "analysis/filter", "analysis/finding", "analysis/genlog", "analysis/handover", "analysis/incident", "analysis/label", "analysis/loaded", "analysis/merkle", "analysis/metrics", "analysis/model", "analysis/pandascsv", "analysis/pipeline", "analysis/principal", "analysis/reading", "analysis/redact", "analysis/rule", "analysis/schema", "analysis/store", "analysis/visible", "analysis/wholefile", "analysis/wording"},
	"analysis/feature":                   {"analysis/forest"},
	"analysis/fact":                      {"analysis/sqltext"},
	"analysis/filter":                    {"analysis/connection", "analysis/label", "analysis/loaded", "analysis/reading", "analysis/sqltext", "analysis/store", "analysis/wording"},
	"analysis/filekind":                  {},
	"analysis/filelock":                  {},
	"analysis/finding":                   {"analysis/detect", "analysis/label", "analysis/loaded", "analysis/store", "analysis/suspicion"},
	"analysis/follow":                    {"analysis/logfile"},
	"analysis/forest":                    {"analysis/forest/internal/numpyrand", "analysis/metrics", "analysis/parallel"},
	"analysis/forest/forestref":          {"analysis/forest", "analysis/forest/internal/numpyrand", "analysis/metrics"},
	"analysis/forest/internal/numpyrand": {},
	"analysis/genlog":                    {"analysis/sqltext", "analysis/textmap"},
	"analysis/handover":                  {"analysis/connection", "analysis/detect", "analysis/fact", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/loaded", "analysis/pipeline", "analysis/reading", "analysis/redact", "analysis/rule", "analysis/store", "analysis/visible", "analysis/wording"},
	"analysis/incident":                  {"analysis/connection", "analysis/detect", "analysis/fact", "analysis/loaded", "analysis/principal", "analysis/rule", "analysis/sqltext", "analysis/store", "analysis/wording"},
	"analysis/integrity":                 {"analysis/connection", "analysis/detect", "analysis/fact", "analysis/genlog", "analysis/loaded", "analysis/logfile", "analysis/reading", "analysis/rule", "analysis/sqltext", "analysis/store", "analysis/tablelog", "analysis/wording"},
	"analysis/label":                     {"analysis/wording"},
	"analysis/learned":                   {"analysis/forest", "analysis/parallel", "analysis/trait"},
	"analysis/loaded":                    {"analysis/connection", "analysis/fact", "analysis/genlog", "analysis/logfile", "analysis/reading", "analysis/sqltext", "analysis/store", "analysis/tablelog", "analysis/wrapper"},
	"analysis/logfile":                   {"analysis/wording"},
	"analysis/merkle":                    {},
	"analysis/metrics":                   {},
	"analysis/model":                     {"analysis/connection", "analysis/feature", "analysis/forest", "analysis/label", "analysis/loaded", "analysis/metrics", "analysis/reading", "analysis/store"},
	"analysis/notebook":                  {"analysis/genlog"},
	"analysis/pandascsv":                 {},
	"analysis/parallel":                  {},
	"analysis/pipeline":                  {"analysis/connection", "analysis/count", "analysis/detect", "analysis/drain", "analysis/fact", "analysis/feature", "analysis/filekind", "analysis/filter", "analysis/finding", "analysis/genlog", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/learned", "analysis/loaded", "analysis/logfile", "analysis/model", "analysis/parallel", "analysis/principal", "analysis/reading", "analysis/rule", "analysis/sqltext", "analysis/store", "analysis/suspicion", "analysis/tablelog", "analysis/textmap", "analysis/trait", "analysis/wrapper"},
	"analysis/pipeline/pipelinetest":     {"analysis/label", "analysis/logfile", "analysis/pipeline"},
	"analysis/principal":                 {"analysis/connection", "analysis/fact", "analysis/loaded", "analysis/store", "analysis/wording"},
	"analysis/reading":                   {"analysis/fact", "analysis/genlog", "analysis/label", "analysis/notebook", "analysis/sqltext", "analysis/tablelog"},
	"analysis/redact":                    {"analysis/sqltext"},
	"analysis/reference":                 {"analysis/drain/drainref", "analysis/export", "analysis/forest/forestref", "analysis/label", "analysis/logfile", "analysis/model", "analysis/pipeline", "analysis/reading"},
	"analysis/report":                    {"analysis/account", "analysis/count", "analysis/detect", "analysis/export", "analysis/feature", "analysis/genlog", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/learned", "analysis/loaded", "analysis/metrics", "analysis/model", "analysis/pandascsv", "analysis/pipeline", "analysis/principal", "analysis/reading", "analysis/rule", "analysis/store", "analysis/suspicion", "analysis/visible", "analysis/wording"},
	"analysis/rule":                      {"analysis/fact", "analysis/parallel", "analysis/wording"},
	"analysis/schema":                    {},
	"analysis/sqltext":                   {},
	"analysis/stops":                     {},
	"analysis/store":                     {},
	"analysis/stream":                    {"analysis/connection", "analysis/detect", "analysis/fact", "analysis/incident", "analysis/loaded", "analysis/pipeline", "analysis/schema", "analysis/store", "analysis/visible"},
	"analysis/suspicion":                 {"analysis/connection", "analysis/detect", "analysis/label", "analysis/loaded", "analysis/parallel", "analysis/principal", "analysis/store", "analysis/trait", "analysis/wording"},
	"analysis/tablelog":                  {"analysis/genlog", "analysis/stops"},
	"analysis/tablelog/tabletest":        {},
	"analysis/textmap":                   {},
	"analysis/trait":                     {"analysis/connection", "analysis/detect", "analysis/fact", "analysis/forest", "analysis/loaded", "analysis/parallel", "analysis/principal", "analysis/rule", "analysis/store", "analysis/wording"},
	"analysis/verify":                    {"analysis/casefile", "analysis/detect", "analysis/export", "analysis/label", "analysis/learned", "analysis/logfile", "analysis/merkle", "analysis/pipeline", "analysis/rule", "analysis/visible", "analysis/wholefile", "analysis/wording"},
	"analysis/visible":                   {},
	"analysis/wholefile":                 {"analysis/wording"},
	"analysis/wording":                   {},
	"analysis/wrapper":                   {"analysis/genlog", "analysis/stops", "analysis/tablelog", "analysis/textmap"},
	"analysis/wrapper/wrappertest":       {},
	"cmd/benchvs":                        {"analysis/drain", "analysis/forest", "analysis/genlog", "analysis/label", "analysis/logfile", "analysis/model", "analysis/pipeline", "analysis/reading"},
	"cmd/biglog":                         {"analysis/connection", "analysis/genlog", "analysis/label", "analysis/sqltext", "testdata"},
	"cmd/notices":                        {},
	"cmd/reference":                      {"analysis/reference"},
	"cmd/sqleuth":                        {"analysis/casefile", "analysis/detect", "analysis/drain", "analysis/evaluation", "analysis/export", "analysis/filter", "analysis/follow", "analysis/handover", "analysis/integrity", "analysis/label", "analysis/learned", "analysis/logfile", "analysis/model", "analysis/pandascsv", "analysis/pipeline", "analysis/reading", "analysis/redact", "analysis/report", "analysis/rule", "analysis/schema", "analysis/stream", "analysis/verify", "analysis/visible", "analysis/wholefile", "analysis/wording", "cmd/sqleuth/config", "testdata", "ui", "ui/theme"},
	"cmd/sqleuth/config":                 {},
	"ui":                                 {"analysis/casefile", "analysis/export", "analysis/filter", "analysis/follow", "analysis/genlog", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/loaded", "analysis/logfile", "analysis/model", "analysis/pipeline", "analysis/reading", "analysis/suspicion", "analysis/trait", "analysis/visible", "analysis/wholefile", "ui/accounts", "ui/charts", "ui/connections", "ui/detail", "ui/detections", "ui/entries", "ui/findings", "ui/list", "ui/message", "ui/models", "ui/overview", "ui/quiet", "ui/screen", "ui/selection", "ui/templates", "ui/theme", "ui/timeline", "ui/widget"},
	"ui/accounts":                        {"analysis/account", "analysis/connection", "analysis/filter", "analysis/incident", "analysis/pipeline", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/selection", "ui/theme", "ui/widget"},
	"ui/charts":                          {"analysis/count", "analysis/filter", "analysis/pipeline", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/theme", "ui/timeline", "ui/widget"},
	"ui/connections":                     {"analysis/connection", "analysis/filter", "analysis/incident", "analysis/label", "analysis/pipeline", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/theme", "ui/widget"},
	"ui/detections":                      {"analysis/detect", "analysis/filter", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/pipeline", "analysis/rule", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/selection", "ui/theme", "ui/widget"},
	"ui/detail":                          {"analysis/drain", "analysis/genlog", "analysis/label", "analysis/loaded", "analysis/pipeline", "ui/message", "ui/screen", "ui/statement", "ui/theme", "ui/widget"},
	"ui/entries":                         {"analysis/detect", "analysis/filter", "analysis/label", "analysis/loaded", "analysis/pipeline", "analysis/rule", "analysis/store", "ui/detail", "ui/list", "ui/message", "ui/screen", "ui/statement", "ui/theme", "ui/widget"},
	"ui/findings":                        {"analysis/detect", "analysis/feature", "analysis/filter", "analysis/finding", "analysis/label", "analysis/pipeline", "analysis/rule", "analysis/store", "analysis/suspicion", "ui/list", "ui/message", "ui/screen", "ui/selection", "ui/theme", "ui/widget"},
	"ui/list":                            {"analysis/pipeline", "analysis/store", "ui/message", "ui/screen", "ui/selection", "ui/theme", "ui/widget"},
	"ui/message":                         {"analysis/label", "analysis/pipeline"},
	"ui/models":                          {"analysis/feature", "analysis/label", "analysis/metrics", "analysis/model", "analysis/pipeline", "analysis/reading", "ui/message", "ui/screen", "ui/theme", "ui/widget"},
	"ui/overview":                        {"analysis/detect", "analysis/filter", "analysis/incident", "analysis/integrity", "analysis/label", "analysis/pipeline", "analysis/rule", "analysis/store", "analysis/suspicion", "ui/list", "ui/message", "ui/screen", "ui/selection", "ui/stages", "ui/theme", "ui/timeline", "ui/widget"},
	"ui/quiet":                           {},
	"ui/screen":                          {"analysis/filter", "analysis/genlog", "analysis/loaded", "analysis/pipeline", "analysis/reading", "ui/message"},
	"ui/screen/screentest":               {"analysis/filter", "analysis/label", "analysis/loaded", "analysis/logfile", "analysis/pipeline", "ui/message", "ui/screen"},
	"ui/selection":                       {},
	"ui/templates":                       {"analysis/count", "analysis/drain", "analysis/filter", "analysis/loaded", "analysis/model", "analysis/pipeline", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/selection", "ui/theme", "ui/widget"},
	"ui/stages":                          {"analysis/filter", "analysis/incident", "analysis/label", "analysis/pipeline", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/theme", "ui/widget"},
	"ui/statement":                       {"analysis/filter", "analysis/pipeline", "analysis/sqltext", "ui/message", "ui/screen", "ui/theme", "ui/widget"},
	"ui/theme":                           {"analysis/store", "analysis/visible"},
	"ui/timeline":                        {"analysis/filter", "analysis/incident", "analysis/label", "analysis/loaded", "analysis/pipeline", "analysis/rule", "analysis/store", "ui/list", "ui/message", "ui/screen", "ui/theme", "ui/widget"},
	"ui/widget":                          {"analysis/rule", "ui/theme"},
}

// layers are the packages of the terminal program from the ground up. Each may
// import what lies in lower layers only, so screens do not know one another, and
// nothing that they share knows a screen.
var layers = [][]string{
	{"ui/message", "ui/quiet", "ui/selection", "ui/theme"},
	{"ui/screen", "ui/widget"},
	{"ui/list", "ui/screen/screentest", "ui/statement"},
	{"ui/detail", "ui/stages", "ui/timeline"},
	{"ui/accounts", "ui/charts", "ui/connections", "ui/detections", "ui/entries", "ui/findings", "ui/models", "ui/overview", "ui/templates"},
	{"ui"},
}

// TestNoArrowUpward within the terminal program.
func TestNoArrowUpward(t *testing.T) {
	of := map[string]int{}
	for i, layer := range layers {
		for _, pkg := range layer {
			of[pkg] = i
		}
	}
	for pkg, tos := range imports {
		if pkg != "ui" && !strings.HasPrefix(pkg, "ui/") {
			continue
		}
		from, ok := of[pkg]
		if !ok {
			t.Errorf("package %q is in no layer", pkg)
		}
		for _, to := range tos {
			if at, ok := of[to]; ok && at >= from {
				t.Errorf("%s imports %s, which does not lie below it", pkg, to)
			}
		}
	}
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

// TestEveryPackageIsDescribed in the list of packages for contributors, and those
// below analysis in its package comment too.
func TestEveryPackageIsDescribed(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	guide, doc := read("../.github/CONTRIBUTING.md"), read("doc.go")
	for pkg := range imports {
		if pkg != "analysis" && !strings.Contains(guide, "`"+pkg+"`") {
			t.Errorf("CONTRIBUTING.md does not name %s", pkg)
		}
		name, below := strings.CutPrefix(pkg, "analysis/")
		if below && !strings.Contains(name, "/") && !regexp.MustCompile(`\b`+name+`\b`).MatchString(doc) {
			t.Errorf("doc.go does not name %s", pkg)
		}
	}
	for _, m := range regexp.MustCompile("`((?:analysis|ui|cmd)/[a-z/]+)`").FindAllStringSubmatch(guide, -1) {
		if _, ok := imports[m[1]]; !ok {
			t.Errorf("CONTRIBUTING.md names %s, which does not exist", m[1])
		}
	}
}
