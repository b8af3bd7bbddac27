package fact

import (
	"bytes"
	"encoding/hex"
)

// files adds the files that a statement reads and writes.
func (r *reader) files(from, to int) {
	for i := from; i < to; i++ {
		switch {
		case r.is(i, fileKey) && r.is(i-1, intoKey):
			r.file("write ", i+1, i+2, "write")
		case r.is(i, infileKey):
			if r.spells(i-1, "local") {
				r.b.Add(Files, "read local")
				continue
			}
			r.file("read ", i+1, i+2, "read")
		case r.spells(i, "load_file") && r.is(i+1, openKey):
			r.file("read ", i+2, min(int(r.list[i+1].end), to), "read")
		}
	}
}

// file adds a file whose name is the literal [i, end).
func (r *reader) file(prefix string, i, end int, how string) {
	class := "unknown"
	if i+1 == end && i < len(r.list) {
		switch w := &r.list[i]; w.kind {
		case textWord:
			class = fileClass(inside(r.text(i)), how)
		case hexWord:
			class = fileClass(unhex(r.text(i)), how)
		}
	}
	r.b.Add(Files, prefix+class)
}

// fileClass is the class of the file's name for a file that is read or written.
func fileClass(name []byte, how string) string {
	class := pathClass(name)
	if class == "" {
		class = "path"
	}
	if how == "read" && class != "system" && class != "key" {
		return "path"
	}
	return class
}

// unhex decodes a hex literal, nil for a broken one.
func unhex(raw []byte) []byte {
	if len(raw) > 2 && raw[1] == '\'' {
		raw = bytes.TrimSuffix(raw[2:], []byte("'"))
	} else if len(raw) > 2 {
		raw = raw[2:]
	}
	if len(raw)%2 == 1 {
		raw = append([]byte{'0'}, raw...)
	}
	out := make([]byte, len(raw)/2)
	n, err := hex.Decode(out, raw)
	if err != nil {
		return nil
	}
	return out[:n]
}

// programSuffixes end the names of files that a web server runs, librarySuffixes
// those of code that a server loads.
var (
	programSuffixes = []string{".php", ".phtml", ".php3", ".php4", ".php5", ".php7", ".phar", ".jsp", ".jspx", ".asp", ".aspx", ".ashx", ".cfm", ".cgi",
		".sh", ".py", ".pl", ".bat", ".cmd", ".ps1", ".vbs", ".htaccess", ".user.ini", ".war"}
	librarySuffixes = []string{".so", ".dll", ".exe", ".mof"}
	webParts        = []string{"/www/", "/htdocs/", "/public_html/", "/wwwroot/", "/html/", "/webapps/", "/inetpub/"}
	keyParts        = []string{"authorized_keys", "/cron", "/.ssh/", "/init.d/", "/systemd/", "/profile.d/", "ld.so.preload", "/startup/", "id_rsa"}
	systemParts     = []string{"/etc/", "/proc/", "win.ini", "boot.ini", "my.cnf", "my.ini", "wp-config", "/root/", "/var/log/", "httpd.conf", "/windows/", ".htpasswd", "config.php"}
)

// pathClass returns what kind of file a name is that of, empty for what is no path.
func pathClass(name []byte) string {
	if len(name) == 0 || len(name) > 4096 {
		return ""
	}
	n := bytes.ReplaceAll(bytes.ToLower(name), []byte(`\`), []byte("/"))
	n = bytes.ReplaceAll(n, []byte("//"), []byte("/"))
	switch {
	case suffixed(n, programSuffixes):
		return "script"
	case suffixed(n, librarySuffixes), bytes.Contains(n, []byte("/plugin/")):
		return "library"
	case containsAny(n, keyParts):
		return "key"
	case containsAny(n, webParts):
		return "web"
	case containsAny(n, systemParts):
		return "system"
	case n[0] == '/', bytes.HasPrefix(n, []byte("../")), len(n) > 2 && n[1] == ':' && n[2] == '/':
		return "path"
	}
	return ""
}

func suffixed(name []byte, suffixes []string) bool {
	for _, s := range suffixes {
		if bytes.HasSuffix(name, []byte(s)) {
			return true
		}
	}
	return false
}

func containsAny(text []byte, parts []string) bool {
	for _, p := range parts {
		if bytes.Contains(text, []byte(p)) {
			return true
		}
	}
	return false
}
