package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/schema"
)

// shape is a part of a JSON Schema, as far as sqleuth schema writes one.
type shape struct {
	Format     schema.Format `json:"x-format"`
	Type       any
	Properties map[string]*shape
	Required   []string
	Additional json.RawMessage `json:"additionalProperties"`
	Items      *shape
}

// documented returns the schema as it is printed, by file.
func documented(t *testing.T) map[string]*shape {
	t.Helper()
	text, err := schema.Document(Schema())
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Defs map[string]*shape `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Defs
}

// types lists the names of the types that are allowed, none for any.
func (s *shape) types() (list []string) {
	switch x := s.Type.(type) {
	case string:
		list = []string{x}
	case []any:
		for _, name := range x {
			list = append(list, name.(string))
		}
	}
	return list
}

// check returns where a value is not what the schema allows, empty for nowhere.
func (s *shape) check(at string, v any) string {
	name := map[bool]string{true: "null"}[v == nil]
	switch x := v.(type) {
	case string:
		name = "string"
	case bool:
		name = "boolean"
	case json.Number:
		name = "number"
		if _, err := x.Int64(); err == nil && !slices.Contains(s.types(), "number") {
			name = "integer"
		}
	case []any:
		name = "array"
		for i, v := range x {
			if s.Items != nil {
				if wrong := s.Items.check(fmt.Sprintf("%s[%d]", at, i), v); wrong != "" {
					return wrong
				}
			}
		}
	case map[string]any:
		name = "object"
		for _, key := range s.Required {
			if _, ok := x[key]; !ok {
				return at + " lacks " + key
			}
		}
		for key, v := range x {
			below := s.Properties[key]
			if below == nil {
				if string(s.Additional) == "false" {
					return at + "." + key + " is not in the schema"
				}
				below = new(shape)
				if s.Additional != nil {
					if err := json.Unmarshal(s.Additional, below); err != nil {
						return err.Error()
					}
				}
			}
			if wrong := below.check(at+"."+key, v); wrong != "" {
				return wrong
			}
		}
	}
	if types := s.types(); types != nil && !slices.Contains(types, name) {
		return fmt.Sprintf("%s is %s (%v), want %v", at, name, v, types)
	}
	return ""
}

// cell is the value of a cell of CSV.
func (s *shape) cell(text string) any {
	types := s.types()
	switch {
	case text == "" && slices.Contains(types, "null"):
		return nil
	case slices.Contains(types, "number"), slices.Contains(types, "integer"):
		return json.Number(text)
	case slices.Contains(types, "boolean"):
		is, err := strconv.ParseBool(text)
		if err != nil {
			return text
		}
		return is
	case slices.Contains(types, "array"):
		return []any{text}
	}
	return text
}

// checkFile returns where a file is not what the schema allows.
func (s *shape) checkFile(name string, text []byte) string {
	decode := func(text []byte) (v any, err error) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		err = d.Decode(&v)
		return v, err
	}
	switch s.Format {
	case schema.JSON:
		v, err := decode(text)
		if err != nil {
			return err.Error()
		}
		return s.check(name, v)
	case schema.JSONLines:
		scan := bufio.NewScanner(bytes.NewReader(text))
		scan.Buffer(nil, 1<<24)
		for scan.Scan() {
			v, err := decode(scan.Bytes())
			if err != nil {
				return err.Error()
			}
			if wrong := s.check(name, v); wrong != "" {
				return wrong
			}
		}
	case schema.CSV:
		all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			return err.Error()
		}
		names := all[0]
		if more := s.Additional != nil && string(s.Additional) != "false"; !more && !slices.Equal(names, s.Required) || !slices.Equal(names[:len(s.Required)], s.Required) {
			return fmt.Sprintf("%s has columns %q, want %q", name, names, s.Required)
		}
		for _, row := range all[1:] {
			object := map[string]any{}
			for k, text := range row {
				if of := s.Properties[names[k]]; of != nil {
					object[names[k]] = of.cell(text)
				}
			}
			if wrong := s.check(name, object); wrong != "" {
				return wrong
			}
		}
	}
	return ""
}

// Each file of an export, of whatever log and choice, holds what sqleuth schema
// prints, and there is no other.
func TestFilesHoldWhatTheSchemaSays(t *testing.T) {
	doc := documented(t)
	seen := map[string]bool{}
	for _, log := range []struct {
		path, labels string
		reading      reading.Reading
	}{
		{synthetic + "general.log.gz", synthetic + "labels.csv", reading.Correct},
		{synthetic + "general.log.gz", synthetic + "labels.csv", reading.Notebook},
		{"../../testdata/mariadb/audit.log", "", reading.Correct},
		{"../../testdata/messages/mixed_maria.log", "", reading.Correct},
	} {
		s, text := load(t, log.reading, log.path, log.labels)
		for files := range endFiles {
			dir := filepath.Join(t.TempDir(), "out")
			names, err := Write(t.Context(), dir, s, text, Options{Version: "test", Files: files, Filter: "id:1-100", Options: []Option{{"seed", 42}}, Redaction: &Redaction{Key: []byte("key")}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if top, _, in := strings.Cut(name, "/"); in {
					seen[top+"/"] = true // copies, which are in no schema
					continue
				}
				seen[name] = true
				of := doc[name]
				if of == nil {
					t.Errorf("%s is not in the schema", name)
					continue
				}
				content, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if wrong := of.checkFile(name, content); wrong != "" {
					t.Errorf("%s, %s, %s: %s", log.path, log.reading, files, wrong)
				}
			}
		}
	}
	for name := range doc {
		if !seen[name] {
			t.Errorf("no log had %s", name)
		}
	}
}

// The check finds what it is for.
func TestSchemaCheckBites(t *testing.T) {
	doc := documented(t)
	for file, text := range map[string]string{
		"counts_action.csv": "action,count\nSELECT,many\n",
		"counts_table.csv":  "table,n\nx,1\n",
		"hourly_table.csv":  "hour,wp\n1.5,2\n",
		"evidence.jsonl":    "{\"entry\":\"1\"}\n",
		"mixed.json":        `{"count":1,"both_sorted":[]}`,
		"manifest.json":     strings.Repeat("[", 2) + "]]",
	} {
		if doc[file].checkFile(file, []byte(text)) == "" {
			t.Errorf("%s passes: %s", file, text)
		}
	}
}
