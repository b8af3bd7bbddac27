package stream

import (
	_ "embed"
	"strings"
	"text/template"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
)

//go:embed clickhouse.sql.tmpl
var clickHouseText string

var clickHouse = template.Must(template.New("clickhouse").Parse(clickHouseText))

// ClickHouse returns the tables that take the lines, and views and queries over them, as
// statements of ClickHouse 22.8 and later; plain for versions from 18.16 on, which lack
// some types and functions.
func ClickHouse(plain bool) (string, error) {
	s := &pipeline.Snapshot{}
	var out strings.Builder
	err := clickHouse.Execute(&out, struct {
		Entries, Connections, Detections string
		Thresholds                       []string
		Plain                            bool
	}{
		definitions(newEntryWorker(s).columns(), plain),
		definitions(newConnectionWorker(s, Options{}).columns(), plain),
		definitions(newDetectionWorker(s, Options{}).columns(), plain),
		[]string{"action", "table"}, plain,
	})
	return out.String(), err
}

// definitions are the columns of a table. A time that a line lacks is zero there, and a
// column of its own distinguishes it from the year 1970.
func definitions[R any](columns []column[R], plain bool) string {
	var lines []string
	for _, c := range columns {
		name := "`" + c.Name + "`"
		of := ""
		switch c.Type {
		case schema.Text:
			of = "String"
			if c.few && !plain {
				of = "LowCardinality(String)"
			}
		case schema.Texts:
			of = "Array(String)"
			if !plain {
				of = "Array(LowCardinality(String))"
			}
		case schema.Time:
			of = "String"
			if !plain {
				of = "DateTime64(6, 'UTC')"
			}
		case schema.Number:
			of = "Float64"
		case schema.Integer:
			of = "UInt64"
			if c.Null { // before 1970
				of = "Int64"
			}
		}
		lines = append(lines, "  "+name+" "+of)
	}
	return strings.Join(lines, ",\n")
}
