package verify

import (
	"os"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/rule"
)

// carrying makes a folder with a log and all that an analysis may rest on beside it.
func carrying(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	copyTo(t, small, dir+"/general.log")
	copyTo(t, "testdata/labels.csv", dir+"/labels.csv")
	put(t, dir+"/baseline.log", []byte("2024-04-30T08:00:00.000000Z\t    7 Connect\tshop@10.0.0.5 on shop using TCP/IP\n2024-04-30T08:00:01.000000Z\t    7 Query\tSELECT id, name, price FROM products WHERE category = 1\n"))
	put(t, dir+"/rules/x1.yml", []byte(`title: Prices are read
name: X1
id: 0b6f5c0a-7d3e-4c39-9a0c-6d2f0b8c9d11
logsource: {product: mysql, service: general}
detection:
  selection: {db.query.text|contains: price}
  condition: selection
level: low
`))
	put(t, dir+"/site.yml", []byte(`title: The shop
known:
  - user: shop
    host: 10.0.0.0/8
    rules: [X1]
    reason: it is what the shop does
`))
	return dir
}

// carriedConfig is a configuration with all of that, in the folder of work.
func carriedConfig(t *testing.T) pipeline.Config {
	t.Helper()
	cfg := config()
	s, _ := pipelinetest.Run(t, cfg, "labels.csv", "general.log")
	model, err := pipeline.Teach(t.Context(), s, cfg.Params)
	if err != nil {
		t.Fatal(err)
	}
	set, problems := rule.Load(rule.Sources{Dirs: []string{"rules"}, Files: []string{"site.yml"}}, rule.Options{Natives: detect.Natives()})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	cfg.Model, cfg.Detect.Rules = model, set
	cfg.Baseline = pipeline.Baseline{Logs: []string{"baseline.log"}}
	if _, err := os.Stat("baseline.log"); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// bare is a configuration without what is carried along.
func bare(cfg pipeline.Config) pipeline.Config {
	out := config()
	out.Params, out.Drain = cfg.Params, cfg.Drain
	return out
}
