package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/report"
	"sqleuth/analysis/stream"
)

// clickHouse is a server of ClickHouse for one test.
type clickHouse struct {
	t    *testing.T
	port string
}

var withClickHouse = flag.Bool("clickhouse", false, "load the captures into ClickHouse")

const clickHouseConfig = `<yandex>
<logger><level>warning</level><log>DIR/log</log><errorlog>DIR/errors</errorlog></logger>
<tcp_port>PORT</tcp_port><listen_host>127.0.0.1</listen_host><path>DIR/data/</path><tmp_path>DIR/tmp/</tmp_path>
<mark_cache_size>5368709</mark_cache_size><users_config>DIR/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
</yandex>`

const clickHouseUsers = `<yandex><profiles><default></default></profiles><quotas><default></default></quotas>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>`

// startClickHouse starts a server, which ends with the test.
func startClickHouse(t *testing.T) *clickHouse {
	if !*withClickHouse {
		t.Skip("make clickhouse runs it, where there is ClickHouse")
	}
	for _, program := range []string{"clickhouse-server", "clickhouse-client"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("*** %s is not installed: what ClickHouse makes of a stream is NOT compared ***", program)
		}
	}
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	for name, text := range map[string]string{"config.xml": clickHouseConfig, "users.xml": clickHouseUsers} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.NewReplacer("DIR", dir, "PORT", port).Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server := exec.Command("clickhouse-server", "--config-file="+filepath.Join(dir, "config.xml"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	c := &clickHouse{t, port}
	for range 600 {
		if exec.Command("clickhouse-client", "--port", port, "--query", "SELECT 1").Run() == nil {
			return c
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("clickhouse-server does not answer")
	return nil
}

// do gives input to the client.
func (c *clickHouse) do(input []byte, args ...string) []byte {
	c.t.Helper()
	cmd := exec.Command("clickhouse-client", append([]string{"--port", c.port}, args...)...)
	cmd.Stdin = bytes.NewReader(input)
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("clickhouse-client %q: %v: %s", args, err, wrong.Bytes())
	}
	return out
}

// old reports whether the server has the plain form of the tables only.
func (c *clickHouse) old() bool {
	c.t.Helper()
	var year, month int
	version := string(c.do(nil, "--query", "SELECT version()"))
	if _, err := fmt.Sscanf(version, "%d.%d", &year, &month); err != nil {
		c.t.Fatalf("version %q: %v", version, err)
	}
	c.t.Logf("ClickHouse %s", version)
	return year < 22 || year == 22 && month < 8
}

// figures are rows of numbers by the texts of the row, joined by tabs.
type figures map[string][]float64

func (f figures) add(key []string, values ...float64) { f[strings.Join(key, "\t")] = values }

// figures returns the rows of a query, the first columns of which are texts.
func (c *clickHouse) figures(texts int, query string) figures {
	c.t.Helper()
	var answer struct{ Data [][]any }
	if err := json.Unmarshal(c.do(nil, "--query", query+" FORMAT JSONCompact"), &answer); err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	out := figures{}
	for _, row := range answer.Data {
		var key []string
		var values []float64
		for k, v := range row {
			if k < texts {
				key = append(key, fmt.Sprint(v))
				continue
			}
			n := math.NaN()
			switch x := v.(type) {
			case float64:
				n = x
			case string:
				n, _ = strconv.ParseFloat(x, 64)
			}
			values = append(values, n)
		}
		out.add(key, values...)
	}
	return out
}

// differ names the first figures that are not the same, but for rounding.
func differ(got, want figures) string {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		same := slices.EqualFunc(got[key], want[key], func(a, b float64) bool {
			return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Abs(b)
		})
		if !same {
			return fmt.Sprintf("%q: %v, want %v", key, got[key], want[key])
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows, want %d", len(got), len(want))
	}
	return ""
}

// reported is what the test reads of report --json.
type reported struct {
	Entries, Connections int
	Counts               struct {
		Action       []map[string]any
		Table        []map[string]any
		HourlyAction hours            `json:"hourly_action"`
		HourlyTable  hours            `json:"hourly_table"`
		Pairs        []map[string]any `json:"frequent_patterns"`
		OfAction     []map[string]any `json:"thresholds_action"`
		OfTable      []map[string]any `json:"thresholds_table"`
	}
	Accounts struct {
		List []struct {
			User, Host         string
			Tries, Refused, In float64
			Silent             float64 `json:"no_outcome"`
		}
	}
	Detections []struct {
		Rule, Severity string
		Entries        []int
	}
	Suspects []struct {
		ID, Epoch       uint64
		Score           float64
		Login, Incident string
	}
}

type hours struct {
	Hours   []int
	Columns []string
	Counts  [][]int
}

// figures turns the matrix into rows.
func (h hours) add(to figures, server string) {
	for i, hour := range h.Hours {
		for k, name := range h.Columns {
			if n := h.Counts[i][k]; n > 0 {
				to.add([]string{server, strconv.Itoa(hour), name}, float64(n))
			}
		}
	}
}

// rowsOf turns objects into rows: their texts by name, then their numbers.
func rowsOf(to figures, server string, list []map[string]any, texts []string, numbers ...string) {
	for _, row := range list {
		key, values := []string{server}, []float64{}
		for _, name := range texts {
			key = append(key, row[name].(string))
		}
		for _, name := range numbers {
			n, ok := row[name].(float64)
			if !ok {
				n = math.NaN()
			}
			values = append(values, n)
		}
		to.add(key, values...)
	}
}

// TestClickHouse loads all captures as six servers: what ClickHouse counts is what report
// --json has of each.
func TestClickHouse(t *testing.T) {
	engine := startClickHouse(t)
	tables, err := stream.ClickHouse(engine.old())
	if err != nil {
		t.Fatal(err)
	}
	engine.do([]byte(tables), "--multiquery")
	want := map[string]figures{}
	of := func(name string) figures {
		if want[name] == nil {
			want[name] = figures{}
		}
		return want[name]
	}
	for _, server := range []string{"exposed-root", "mysql56", "quiet", "slow-insider-and-noise", "webapp-sqli", "wordpress-bruteforce"} {
		log := filepath.Join("../../testdata", server, "general.log.gz")
		if _, err := os.Stat(log); err != nil {
			log = strings.TrimSuffix(log, ".gz")
		}
		s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", log)
		var lines, conns, finds, object bytes.Buffer
		opt := stream.Options{}
		s.Servers = []loaded.Server{loaded.NewServer(server, 0, 0, 0)}
		if err := stream.Entries(t.Context(), &lines, s, opt); err != nil {
			t.Fatal(err)
		}
		if err := stream.Connections(t.Context(), &conns, s, opt); err != nil {
			t.Fatal(err)
		}
		if err := stream.Detections(t.Context(), &finds, s, opt); err != nil {
			t.Fatal(err)
		}
		engine.do(finds.Bytes(), "--query", "INSERT INTO detections FORMAT JSONEachRow")
		engine.do(lines.Bytes(), "--query", "INSERT INTO entries FORMAT JSONEachRow")
		engine.do(conns.Bytes(), "--query", "INSERT INTO connections FORMAT JSONEachRow")
		if err := report.JSON(t.Context(), &object, s, report.Options{Version: "test"}); err != nil {
			t.Fatal(err)
		}
		var r reported
		if err := json.Unmarshal(object.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		of("entries").add([]string{server}, float64(r.Entries))
		of("connections").add([]string{server}, float64(r.Connections))
		rowsOf(of("counts_action"), server, r.Counts.Action, []string{"action"}, "count")
		rowsOf(of("counts_table"), server, r.Counts.Table, []string{"table"}, "count")
		rowsOf(of("frequent_patterns"), server, r.Counts.Pairs, []string{"action", "table"}, "counts")
		r.Counts.HourlyAction.add(of("hourly_action"), server)
		r.Counts.HourlyTable.add(of("hourly_table"), server)
		described := []string{"count", "mean", "std", "min", "1%", "50%", "99%", "max"}
		rowsOf(of("thresholds_action"), server, r.Counts.OfAction, []string{"action"}, described...)
		rowsOf(of("thresholds_table"), server, r.Counts.OfTable, []string{"table"}, described...)
		for _, a := range r.Accounts.List {
			of("logins").add([]string{server, a.User, a.Host}, a.Tries, a.Refused, a.In, a.Silent)
		}
		found := map[string]map[int]bool{}
		for _, d := range r.Detections {
			if found[d.Rule] == nil {
				found[d.Rule] = map[int]bool{}
			}
			for _, e := range d.Entries {
				found[d.Rule][e] = true
			}
			key := server + "\t" + d.Rule + "\t" + d.Severity
			was := append(of("detections_by_rule")[key], 0, 0)
			of("detections_by_rule")[key] = []float64{was[0] + 1, was[1] + float64(len(d.Entries))}
		}
		for name, entries := range found {
			if len(entries) > 0 {
				of("rules").add([]string{server, name}, float64(len(entries)))
			}
		}
		for _, x := range r.Suspects {
			of("suspects").add([]string{server, strconv.FormatUint(x.ID, 10), strconv.FormatUint(x.Epoch, 10), x.Login, x.Incident}, x.Score)
		}
	}
	for name, query := range map[string]struct {
		texts int
		text  string
	}{
		"entries":            {1, "SELECT server, count() FROM entries GROUP BY server"},
		"connections":        {1, "SELECT server, count() FROM connections GROUP BY server"},
		"counts_action":      {2, "SELECT * FROM counts_action"},
		"counts_table":       {2, "SELECT * FROM counts_table"},
		"frequent_patterns":  {3, "SELECT * FROM frequent_patterns"},
		"hourly_action":      {3, "SELECT * FROM hourly_action"},
		"hourly_table":       {3, "SELECT * FROM hourly_table"},
		"thresholds_action":  {2, "SELECT * FROM thresholds_action"},
		"thresholds_table":   {2, "SELECT * FROM thresholds_table"},
		"logins":             {3, "SELECT server, user, host, tries, refused, accepted, no_outcome FROM logins"},
		"detections_by_rule": {3, "SELECT server, rule, severity, found, evidence FROM detections_by_rule"},
		"rules":              {2, "SELECT server, rule, entries FROM rules"},
	} {
		if len(want[name]) < 6 {
			t.Errorf("%s: the reports have %d rows, which is too few to say anything", name, len(want[name]))
		}
		if wrong := differ(engine.figures(query.texts, query.text), want[name]); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
	}
	// The report lists the suspects from a score on.
	got := engine.figures(5, "SELECT server, toString(id), toString(run), outcome, incident, score FROM connections")
	maps.DeleteFunc(got, func(key string, _ []float64) bool { return want["suspects"][key] == nil })
	if wrong := differ(got, want["suspects"]); wrong != "" {
		t.Errorf("suspects: %s", wrong)
	}
	// Over all servers: one address that guesses a little at each of three, and gets in at
	// one, and a statement that only the last day has.
	var conns, lines strings.Builder
	for k, server := range []string{"a", "b", "c"} {
		for n := range 4 {
			fmt.Fprintf(&conns, `{"server":"%s","run":1,"id":%d,"first_micros":%d,"first_timed":1,"last_micros":%[3]d,"host":"203.0.113.77","user":"root","outcome":"denied"}`+"\n", server, n, int64(4e15)+int64(k*4+n)*1e6)
		}
	}
	fmt.Fprintf(&conns, `{"server":"c","run":1,"id":9,"first_micros":%d,"first_timed":1,"host":"203.0.113.77","user":"root","outcome":"accepted"}`+"\n", int64(4e15)+20e6)
	fmt.Fprintf(&lines, `{"server":"c","micros":%d,"timed":1,"digest":"SELECT * FROM pay","digest_sha256":"d1"}`+"\n", int64(4e15)+21e6)
	engine.do([]byte(conns.String()), "--query", "INSERT INTO connections FORMAT JSONEachRow")
	engine.do([]byte(lines.String()), "--query", "INSERT INTO entries FORMAT JSONEachRow")
	for query, want := range map[string]string{
		"SELECT host, servers, refused, accepted FROM fleet_guessing WHERE host = '203.0.113.77'": "203.0.113.77\t3\t12\t1",
		"SELECT DISTINCT host, servers, refused FROM fleet_bursts WHERE host = '203.0.113.77'":    "203.0.113.77\t3\t12",
		"SELECT host, got_in_at FROM fleet_success WHERE host = '203.0.113.77'":                   "203.0.113.77\t['c']",
		"SELECT digest_sha256, servers FROM fleet_new_digests":                                    "d1\t1",
		"SELECT user, host, servers FROM fleet_new_accounts":                                      "root\t203.0.113.77\t1",
	} {
		if got := strings.TrimSpace(string(engine.do(nil, "--query", query))); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
