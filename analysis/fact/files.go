package fact

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// files adds the files that a statement reads and writes.
func (r *reader) files(from, to int) {
	for i := from; i < to; i++ {
		switch {
		case r.is(i, fileKey) && r.is(i-1, intoKey):
			r.file("write", i+1, i+2)
		case r.is(i, infileKey):
			if r.spells(i-1, "local") {
				r.b.Add(Files, "read local")
				continue
			}
			r.file("read", i+1, i+2)
		case r.spells(i, "load_file") && r.is(i+1, openKey):
			r.file("read", i+2, min(int(r.list[i+1].end), to))
		}
	}
}

// file adds a file that is read or written, whose name is the literal [i, end).
func (r *reader) file(how string, i, end int) {
	class := "unknown"
	if i+1 == end && i < len(r.list) {
		switch w := &r.list[i]; w.kind {
		case textWord:
			class = fileClass(inside(r.text(i)), how)
		case hexWord:
			class = fileClass(unhex(r.text(i)), how)
		}
	}
	r.b.Add(Files, how+" "+class)
}

// fileClass is the class of the name of a file that is read or written.
func fileClass(name []byte, how string) string {
	class := pathClass(name)
	if class == "" || how == "read" && class != "system" && class != "key" {
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

// pathClasses are the kinds of files by their names, of which the first that fits
// counts: a name ends in a suffix, or has a part.
var pathClasses = []struct{ class, suffixes, parts string }{
	{class: "script", suffixes: ".php .phtml .php3 .php4 .php5 .php7 .phar .jsp .jspx .asp .aspx .ashx .cfm .cgi .sh .py .pl .bat .cmd .ps1 .vbs " +
		".htaccess .user.ini .war"},
	{class: "library", suffixes: ".so .dll .exe .mof", parts: "/plugin/"},
	{class: "key", parts: "authorized_keys /cron /.ssh/ /init.d/ /systemd/ /profile.d/ ld.so.preload /startup/ id_rsa"},
	{class: "web", parts: "/www/ /htdocs/ /public_html/ /wwwroot/ /html/ /webapps/ /inetpub/"},
	{class: "system", parts: "/etc/ /proc/ win.ini boot.ini my.cnf my.ini wp-config /root/ /var/log/ httpd.conf /windows/ .htpasswd config.php"},
}

// pathClass returns what kind of file a name is that of, empty for what is no path.
func pathClass(name []byte) string {
	if len(name) == 0 || len(name) > 4096 {
		return ""
	}
	n := strings.ToLower(string(name))
	n = strings.ReplaceAll(n, `\`, "/")
	n = strings.ReplaceAll(n, "//", "/")
	for _, c := range pathClasses {
		for suffix := range strings.FieldsSeq(c.suffixes) {
			if strings.HasSuffix(n, suffix) {
				return c.class
			}
		}
		for part := range strings.FieldsSeq(c.parts) {
			if strings.Contains(n, part) {
				return c.class
			}
		}
	}
	if n[0] == '/' || strings.HasPrefix(n, "../") || len(n) > 2 && n[1] == ':' && n[2] == '/' {
		return "path"
	}
	return ""
}
