package wrapper

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// streamForms are containers whose documents name a stream, with a line of it.
var streamForms = []struct {
	name       string
	head, tail string
	record     func(line, stream string) string
	between    string
	quote      func(string) string // nil: as JSON
}{
	{"CloudWatch events", `{"events":[`, `]}`, func(line, stream string) string {
		return `{"logStreamName":` + stream + `,"timestamp":1,"message":` + line + `,"eventId":"1"}`
	}, ",", nil},
	{"stream behind", `{"events":[`, `]}`, func(line, stream string) string {
		return `{"eventId":"1","message":` + line + `,"timestamp":12,"z":{"message":"no"},"logStreamName":` + stream + `}`
	}, ",\n", nil},
	{"Insights", `{"results":[`, `]}`, func(line, stream string) string {
		return `[{"field":"@message","value":` + line + `},{"field":"@logStream","value":` + stream + `},{"field":"@ptr","value":"x"}]`
	}, ",", nil},
	{"Insights, stream first", `{"results":[`, `]}`, func(line, stream string) string {
		return `[{"field":"@logStream","value":` + stream + `},{"field":"@message","value":` + line + `}]`
	}, ",", nil},
	{"Kubernetes", "", "", func(line, stream string) string {
		return `{"log":` + line + `,"stream":"stdout","kubernetes":{"labels":{"container_name":"no"},"pod_name":"p","container_name":` + stream + `}}`
	}, "\n", nil},
	{"Cloud SQL", "[", "]", func(line, stream string) string {
		return `{"insertId":"1","logName":"p/logs/mysql","resource":{"labels":{"database_id":` + stream + `},"type":"cloudsql_database"},"textPayload":` + line + `}`
	}, ",", nil},
	{"Elasticsearch", `{"hits":{"hits":[`, `]}}`, func(line, stream string) string {
		return `{"_id":"1","_source":{"message":` + line + `,"log":{"file":{"path":` + stream + `},"offset":1}},"host":{"name":"no"}}`
	}, ",", nil},
	{"journald JSON", "", "", func(line, stream string) string {
		return `{"SYSLOG_IDENTIFIER":` + stream + `,"MESSAGE":` + line + `,"_PID":"1"}`
	}, "\n", nil},
	{"Insights CSV", "@timestamp,@message,@logStream\n", "", func(line, stream string) string {
		return "2024-07-10 05:25:05.058," + line + "," + stream
	}, "\n", csvString},
	{"Insights CSV, stream first", "@logStream;@message;@ptr\n", "", func(line, stream string) string {
		return stream + ";" + line + `;"x;""y"`
	}, "\n", csvString},
	{"CSV, two parts of a stream", "@log,@message,@logStream\n", "", func(line, stream string) string {
		return "1:a," + line + "," + stream
	}, "\n", csvString},
	{"CSV without quotes", "_id,message,container.name\n", "", func(line, stream string) string {
		return "x," + line + "," + stream
	}, "\n", func(s string) string { return s }},
	{"journald export", "", "", func(line, stream string) string {
		return "__CURSOR=s=1\n_HOSTNAME=h\nMESSAGE=" + line + "\nBLOB\n\x05\x00\x00\x00\x00\x00\x00\x00a\nb\n\n\n_PID=1\n_SYSTEMD_UNIT=" + stream + "\n"
	}, "\n", func(s string) string { return s }},
	{"journald export, unit first", "", "", func(line, stream string) string {
		return "__CURSOR=s=1\nSYSLOG_IDENTIFIER=" + stream + "\nMESSAGE\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(line)))) + line + "\n_PID=1\n"
	}, "\n", func(s string) string { return s }},
}

func csvString(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Lines of other streams than that of the log do not mix with it, whatever they hold and
// wherever the stream is named.
func TestStreamsOfDocuments(t *testing.T) {
	for _, form := range streamForms {
		for seed := range uint64(40) {
			rng := rand.New(rand.NewPCG(seed, 5))
			var records []string
			var want strings.Builder
			others := false
			for i := range 3 + rng.IntN(30) {
				line := fmt.Sprintf("2024-07-10T05:25:05.%06dZ\t    8 Query\tSELECT \"%d\"", i, i)
				stream := `db "1"`
				switch rng.IntN(6) {
				case 0: // goes on, or looks like it
					line = strings.Repeat("FROM t ", rng.IntN(50))
				case 1:
					stream, line = "web", "GET /index.php?id=1 HTTP/1.1"
				case 2:
					stream, line = "web\\", "\t\t    9 Query\tUPDATE t"
				case 3:
					if i > 0 {
						stream = "db2"
					}
				}
				if i == 0 {
					line = "2024-07-10T05:25:05.000000Z\t    8 Query\tSELECT 1"
					stream = `db "1"`
				}
				quote := form.quote
				if quote == nil {
					quote = jsonString
				}
				records = append(records, form.record(quote(line), quote(stream)))
				if stream == `db "1"` {
					want.WriteString(line + "\n")
				}
				others = others || stream == "db2" && strings.HasPrefix(line, "2024")
			}
			raw := []byte(form.head + strings.Join(records, form.between) + form.tail + "\n")
			if seed%2 == 1 && form.head != "" && form.quote == nil {
				var b bytes.Buffer
				if err := json.Indent(&b, raw, "", "  "); err != nil {
					t.Fatal(err)
				}
				raw = b.Bytes()
			}
			s, _ := Recognise(raw, true)
			text, by := unwrap(s, raw, whole)
			if string(text.Data) != want.String() {
				t.Fatalf("%s, seed %d (%s): %s\n%s", form.name, seed, s.Name(), difference(text.Data, []byte(want.String())), raw)
			}
			if name := by.Stack().Name(); !strings.Contains(name, `stream`) || strings.Contains(name, "left out: ") != others {
				t.Fatalf("%s, seed %d: named %q", form.name, seed, name)
			}
			if sum := text.Map.Raw() + by.WrapperBytes; sum != int64(len(raw)) || len(by.Rejects) > 0 {
				t.Fatalf("%s, seed %d: %d bytes of %d", form.name, seed, sum, len(raw))
			}
			for _, size := range []int{1, 7, 100, 1000} {
				got, u := unwrap(s, raw, func() int { return size })
				if !bytes.Equal(got.Data, text.Data) {
					t.Fatalf("%s, seed %d, blocks of %d: %s", form.name, seed, size, difference(got.Data, text.Data))
				}
				if err := sameAccount(u, by); err != "" {
					t.Fatalf("%s, seed %d, blocks of %d: %s", form.name, seed, size, err)
				}
			}
			readBack(t, by.Stack(), raw, text)
		}
	}
}

// Aurora writes its audit log into several files at a time: all are the log of one server.
func TestAuditStreamsOfOneServer(t *testing.T) {
	record := func(i int) string {
		return fmt.Sprintf("17205891050587%02d,db-1,app,10.0.0.5,8,%d,QUERY,shop,'SELECT 1',0", i, i)
	}
	streams := []string{"db-1.audit.log.0.2024-07-10-05-25.0", "db-1.audit.log.3.2024-07-10-05-25.0", "db-2.audit.log.0.2024-07-10-05-25.0"}
	var events []string
	var tail, want strings.Builder
	for i := range 12 {
		stream := streams[i%len(streams)]
		events = append(events, `{"logStreamName":`+jsonString(stream)+`,"message":`+jsonString(record(i))+`}`)
		fmt.Fprintf(&tail, "2024-07-10T05:25:05.058000+00:00 %s %s\n", stream, record(i))
		if i%len(streams) < 2 {
			want.WriteString(record(i) + "\n")
		}
	}
	for _, c := range []struct{ raw, want, named string }{
		{`{"events":[` + strings.Join(events, ",") + "]}\n", want.String(), "CloudWatch events (events[].message) (stream db-1; a general log of another stream is left out: db-2)"},
		{tail.String(), want.String(), "aws logs tail prefix (stream db-1; a general log of another stream is left out: db-2)"},
	} {
		s, _ := Recognise([]byte(c.raw), true)
		text, _ := unwrap(s, []byte(c.raw), whole)
		if string(text.Data) != c.want || s.Name() != c.named {
			t.Errorf("%s, want %s: %s", s.Name(), c.named, difference(text.Data, []byte(c.want)))
		}
	}
}

// A record is not looked through for the name of its stream for ever.
func TestLongRecordsOfStreams(t *testing.T) {
	const entry = "2024-07-10T05:25:05.000000Z\t    8 Query\tSELECT 1"
	for _, form := range []struct {
		name, head string
		record     func(text, stream string) string
	}{
		{"JSON", "", func(text, stream string) string {
			return `{"log":` + jsonString(text) + `,"kubernetes":{"container_name":` + jsonString(stream) + "}}\n"
		}},
		{"CSV", "@message,@logStream\n", func(text, stream string) string { return csvString(text) + "," + stream + "\n" }},
		{"journald export", "", func(text, stream string) string {
			return "__CURSOR=s=1\nMESSAGE=" + text + "\n_SYSTEMD_UNIT=" + stream + "\n\n"
		}},
	} {
		head := form.head + form.record(entry, "db") + form.record("x", "web")
		s, _ := Recognise([]byte(head), true)
		for _, size := range []int{maxTrial / 2, maxTrial - 100, maxTrial + 100, 2 * maxTrial} {
			raw := []byte(head + form.record(strings.Repeat("y", size), "web") + form.record("end", "db"))
			want, by := unwrap(s, raw, whole)
			got, u := unwrap(s, raw, func() int { return 1 << 20 })
			if !bytes.Equal(got.Data, want.Data) || !bytes.HasSuffix(got.Data, []byte("end\n")) {
				t.Errorf("%s, %d bytes: %d of text, %d of one block", form.name, size, len(got.Data), len(want.Data))
			}
			if err := sameAccount(u, by); err != "" {
				t.Errorf("%s, %d bytes: %s", form.name, size, err)
			}
			if short := size < maxTrial; short != (len(got.Data) < size) {
				t.Errorf("%s, %d bytes of another stream: %d of text", form.name, size, len(got.Data))
			}
		}
	}
}
