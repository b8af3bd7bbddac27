package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/logfile"
)

// An export that a console listed newest first is refused by the times of its records,
// never by those in the log, which can be forged.
func TestNewestFirst(t *testing.T) {
	const head, tail = "2024-07-10T05:25:0", ".000000Z\\t    8 Query\\tSELECT 1"
	forms := map[string]func(at, of int) string{
		"events": func(at, of int) string {
			return fmt.Sprintf(`{"timestamp":17205890%d0,"message":"%s%d%s"}`, at, head, of, tail)
		},
		"lines": func(at, of int) string {
			return fmt.Sprintf(`{"textPayload":"%s%d%s","timestamp":"2024-07-10T05:25:0%dZ"}`, head, of, tail, at)
		},
		"Elasticsearch": func(at, of int) string {
			return fmt.Sprintf(`{"_source":{"message":"%s%d%s","@timestamp":"2024-07-10T05:25:0%d.000Z"}}`, head, of, tail, at)
		},
		"Insights": func(at, of int) string {
			return fmt.Sprintf(`[{"field":"@timestamp","value":"2024-07-10 05:25:0%d.000"},{"field":"@message","value":"%s%d%s"}]`, at, head, of, tail)
		},
		"CSV": func(at, of int) string {
			return fmt.Sprintf("2024-07-10 05:25:0%d.000,%s%d%s", at, head, of, strings.ReplaceAll(tail, `\t`, "\t"))
		},
	}
	around := map[string][2]string{"events": {`{"events":[`, "]}"}, "Elasticsearch": {`{"hits":{"hits":[`, "]}}"}, "Insights": {`{"results":[`, "]}"}, "CSV": {"@timestamp,@message\n", ""}}
	for name, form := range forms {
		for _, falls := range []bool{false, true} {
			var records []string
			for i := range 9 {
				at := i
				if falls {
					at = 9 - i
				}
				records = append(records, form(at, 9-at)) // the log's own times run the other way
			}
			between := ","
			if name == "CSV" || name == "lines" {
				between = "\n"
			}
			log := around[name][0] + strings.Join(records, between) + around[name][1] + "\n"
			set, err := logfile.OpenBytes("export", []byte(log), logfile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = load(context.Background(), DefaultConfig(), set, func(*recorder) {})
			if errors.Is(err, errNewestFirst) != falls || falls && !strings.HasPrefix(err.Error(), `"export": its records are listed newest first`) {
				t.Errorf("%s, newest first %v: %v\n%s", name, falls, err, log)
			}
			set.Close()
		}
	}
}
