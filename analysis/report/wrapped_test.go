package report

import (
	"encoding/json"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/wrapper/wrappertest"
)

// sampleLog is a log of every wrapper: of two connections, with a statement of
// several lines.
const sampleLog = "2024-07-10T05:25:05.058758Z\t    8 Connect\tapp@192.0.2.7 on shop using TCP/IP\n" +
	"2024-07-10T05:25:05.058759Z\t    8 Query\tSELECT *\n  FROM users\n WHERE id = '5'\n" +
	"2024-07-10T05:25:06.058758Z\t    9 Connect\troot@192.0.2.8 on  using TCP/IP\n" +
	"2024-07-10T05:25:06.058759Z\t    9 Connect\tAccess denied for user 'root'@'192.0.2.8' (using password: YES)\n" +
	"2024-07-10T05:25:07.058758Z\t    8 Quit\t\n"

// A wrapped log has the report of the plain one, but for what is said of the file
// and of its bytes.
func TestWrappedReportsAsPlain(t *testing.T) {
	plain := comparable(t, sampleLog)
	for _, form := range wrappertest.Forms() {
		raw := string(form.Wrap([]byte(sampleLog)))
		if got := comparable(t, raw); got != plain {
			i := 0
			for i < min(len(got), len(plain)) && got[i] == plain[i] {
				i++
			}
			t.Errorf("%s: differs at %q, want %q", form.Name, got[max(0, i-80):min(len(got), i+80)], plain[max(0, i-80):min(len(plain), i+80)])
		}
		s := loadText(t, reading.Correct, raw)
		_, object := asJSON(t, s, Options{Version: "0.0.0"})
		file := object["files"].([]any)[0].(map[string]any)
		if name, _ := file["wrapper"].(string); !strings.HasPrefix(name, form.Named) {
			t.Errorf("%s: files[0].wrapper is %q, want %q", form.Name, name, form.Named)
		}
		sum, total := 0.0, 0.0
		for key, value := range object["coverage"].(map[string]any) {
			if n, ok := value.(float64); ok && strings.HasSuffix(key, "_bytes") {
				sum += n
			} else if key == "bytes" {
				total = n
			}
		}
		if sum != total || int(total) != len(raw) {
			t.Errorf("%s: the parts of the coverage add up to %v, all to %v, the file has %d", form.Name, sum, total, len(raw))
		}
		if page := strings.Join(strings.Fields(text(t, s, Options{Version: "0.0.0"})), " "); !strings.Contains(page, "read through: "+strings.Fields(form.Named)[0]) {
			t.Errorf("%s: the report does not name what is around the log", form.Name)
		}
	}
}

// comparable is the JSON report without the files and the coverage.
func comparable(t *testing.T, log string) string {
	t.Helper()
	_, object := asJSON(t, loadText(t, reading.Correct, log), Options{Version: "0.0.0"})
	delete(object, "files")
	delete(object, "coverage")
	b, err := json.MarshalIndent(object, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
