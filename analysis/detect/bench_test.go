package detect_test

import (
	"context"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/testdata"
)

// BenchmarkRun evaluates all rules and none on the built-in incident; the difference
// is what the rules cost beside a whole analysis, which is measured too.
func BenchmarkRun(b *testing.B) {
	open := func() *logfile.Set {
		set, err := logfile.OpenBytes("general.log.gz", testdata.Incident, logfile.Options{})
		if err != nil {
			b.Fatal(err)
		}
		return set
	}
	set := open()
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		rules *rule.Set
	}{{"rules", detect.Builtin()}, {"none", &rule.Set{}}} {
		b.Run(c.name, func(b *testing.B) {
			opt := detect.DefaultOptions()
			opt.Rules = c.rules
			for b.Loop() {
				if _, err := detect.Run(context.Background(), &s.Log, nil, opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("analysis", func(b *testing.B) {
		for b.Loop() {
			set := open()
			if _, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {}); err != nil {
				b.Fatal(err)
			}
			set.Close()
		}
	})
}
