package fact

import "bytes"

// knownSettings are the variables that rules ask for by name.
var knownSettings = setOf("general_log general_log_file log_output slow_query_log slow_query_log_file sql_log_off sql_log_bin log_error " +
	"log_error_verbosity log_error_suppression_list server_audit_logging server_audit_file_path server_audit_events audit_log_policy " +
	"audit_log_disable audit_log_statement_policy local_infile log_bin_trust_function_creators secure_file_priv validate_password.policy " +
	"validate_password_policy validate_password.length log_warnings init_connect init_file event_scheduler skip_grant_tables " +
	"old_passwords secure_auth binlog_format expire_logs_days binlog_expire_logs_seconds read_only super_read_only foreign_key_checks unique_checks " +
	"sql_safe_updates max_allowed_packet log_raw long_query_time min_examined_row_limit log_timestamps")

// knownVariables are those whose values describe the server.
var knownVariables = setOf("version version_comment version_compile_os version_compile_machine datadir basedir hostname secure_file_priv " +
	"plugin_dir tmpdir general_log general_log_file log_output port server_id global.plugin_dir socket log_bin log_error")

// settings adds the variables that SET assigns and those that are read anywhere.
func (r *reader) settings(at, to int) {
	set := r.is(at, setKey)
	for i := at; i < to; i++ {
		name, ok := r.variable(i)
		if !ok {
			if !set || r.list[i].kind != nameWord && r.list[i].kind != quotedWord || !r.assigned(i) || r.spells(i, "names", "password") {
				continue
			}
			name = r.text(i)
			if r.is(i-1, dotKey) && i >= 2 && r.list[i-2].inWords() && !r.spells(i-2, "global", "session", "local", "persist") { // component.variable
				name = append(append(append(r.low[len(r.low):], r.text(i-2)...), '.'), r.text(i)...)
			}
		}
		if set && r.assigned(i) {
			r.setting(name, i+2, to)
		} else if ok {
			r.addName(Variables, name)
		}
	}
}

func (r *reader) assigned(i int) bool { return r.is(i+1, equalKey) || r.is(i+1, assignKey) }

// variable returns the name of the system variable at i without its scope.
func (r *reader) variable(i int) (name []byte, ok bool) {
	if r.list[i].kind != variableWord || !bytes.HasPrefix(r.text(i), []byte("@@")) {
		return nil, false
	}
	name = r.text(i)[2:]
	for _, scope := range []string{"global.", "session.", "local.", "persist.", "persist_only."} {
		name = bytes.TrimPrefix(name, []byte(scope))
	}
	return bytes.Trim(name, "`"), true
}

// setting adds an assignment; its value is at i.
func (r *reader) setting(name []byte, i, to int) {
	if len(name) == 0 || len(name) > maxName || r.named[Sets] >= maxNames && !knownSettings[string(name)] {
		return
	}
	r.named[Sets]++
	class := "other"
	if i < to && (i+1 >= to || r.is(i+1, commaKey) || r.is(i+1, forKey)) {
		class = r.settingValue(i)
	}
	from := r.b.begin(Sets)
	r.b.buf = append(append(append(r.b.buf, name...), '='), class...)
	r.b.end(from)
	if file := bytes.HasSuffix(name, []byte("_file")); file && (class == "script" || class == "library") {
		r.b.Add(Files, "write "+class)
	}
}

// settingValue returns the class of the value at i.
func (r *reader) settingValue(i int) string {
	w := &r.list[i]
	switch {
	case w.kind == numberWord:
		return settingText(r.text(i), "number")
	case w.kind == textWord:
		return settingText(inside(r.text(i)), "string")
	case w.key == defaultKey:
		return "default"
	case w.kind == nameWord:
		return settingText(r.text(i), "other")
	}
	return "other"
}

// settingText returns the class of a variable's value; rest is that of a value that
// is none of the others.
func settingText(value []byte, rest string) string {
	if len(value) > 1024 {
		return rest
	}
	if class := settingValues[string(bytes.ToLower(value))]; class != "" {
		return class
	}
	switch class := pathClass(value); class {
	case "script", "library":
		return class
	case "":
		return rest
	}
	return "path"
}

var settingValues = spread(map[string]string{"0, off, false, no": "off", "1, on, true, yes": "on", "none, /dev/null, nul": "none", "file": "file",
	"table, table,file, file,table": "table", "all": "all"})
