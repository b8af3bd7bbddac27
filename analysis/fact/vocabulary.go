package fact

import (
	"slices"
	"strings"
)

// vocabulary reports whether a name of an open field is one that rules may ask for.
func vocabulary(f Field, name string) bool {
	return coarseName(f, name) != "" || f == Columns && columnKind(name) != ""
}

// mysqlKinds are the kinds of tables in the schema mysql.
var mysqlKinds = spread(map[string]string{
	"user, global_priv, password_history, slave_master_info, servers":                                                        "accounts",
	"db, tables_priv, columns_priv, procs_priv, proxies_priv, role_edges, default_roles, global_grants, roles_mapping, host": "privileges",
	"general_log, slow_log":                "logs",
	"func, plugin, proc, component, event": "code",
})

// systemSchemas are those that the server fills.
var systemSchemas = map[string]bool{"information_schema": true, "performance_schema": true, "sys": true}

// gravity orders the kinds of tables; of several the gravest counts.
var gravity = map[string]int{"accounts": 8, "privileges": 7, "logs": 6, "code": 5, "server": 4, "people": 3, "catalogue": 2, "foreign": 1, "application": 0}

// tableKind returns the kind of a table's name, "t" or "s.t" in lower case; database
// is the current one, empty where it is not known.
func tableKind(name, database string) string {
	schema, base, ok := splitName(name)
	if !ok {
		schema = database
	}
	switch {
	case schema == "mysql":
		if k := mysqlKinds[base]; k != "" {
			return k
		}
		return "server"
	case systemSchemas[schema]:
		return "catalogue"
	case foreignTables[base] || foreignTables[schema+"."+base]:
		return "foreign"
	case people(base):
		return "people"
	}
	return "application"
}

// splitName splits "s.t" and takes the back-quotes off.
func splitName(name string) (schema, base string, ok bool) {
	if strings.IndexByte(name, '`') < 0 {
		if schema, base, ok = strings.Cut(name, "."); ok {
			return schema, base, true
		}
		return "", name, false
	}
	quoted := false
	for i := 0; i < len(name); i++ {
		switch {
		case name[i] == '`':
			quoted = !quoted
		case name[i] == '.' && !quoted:
			return strings.Trim(name[:i], "`"), strings.Trim(name[i+1:], "`"), true
		}
	}
	return "", strings.Trim(name, "`"), false
}

// foreignTables are the catalogues of other servers, which tools ask before they know
// what answers them.
var foreignTables = setOf("sysobjects syscolumns sysusers sysdatabases sysxlogins syslogins msysaccessobjects msysobjects msysaces " +
	"sqlite_master sqlite_temp_master all_tables all_tab_columns all_users user_tables user_tab_columns v$version v$instance v$session dba_users " +
	"pg_user pg_shadow pg_database pg_tables pg_class pg_catalog.pg_class syscat.tables sysibm.sysdummy1 sysibm.systables sysibm.sysversions " +
	"rdb$database rdb$relations rdb$relation_fields rdb$user_privileges domain.domains domain.columns domain.tables systables " +
	"sysmaster.sysdatabases master.sysdatabases global_name")

// PeopleTable reports whether a table's name, "t" or "s.t", is one under which
// applications keep their users: a guess by common words of several languages.
func PeopleTable(table string) bool { return tableKind(strings.ToLower(table), "") == "people" }

// peopleParts mark names that hold them anywhere, peopleWords those in which they are
// a word between underscores, also in the plural.
var (
	peopleParts = []string{"user", "account", "member", "customer", "passw", "credential", "usuario", "utilisateur", "benutzer", "utenti", "kunden",
		"cliente", "mitglied", "mitarbeiter", "gebruiker", "kullanici", "subscriber", "employee", "login", "polzovatel", "uzytkowni", "anvandare",
		"klient", "klienc", "asiaka", "asiakk", "kayttaj", "zakazn", "uzivatel", "korisni", "ugyfel", "felhasznalo", "musteri", "personel", "calisan", "ogrenci",
		"pelanggan", "pengguna", "khach_hang", "nguoi_dung", "patsient", "paciente", "pacjent", "paziente", "pazienti", "alumno", "etudiant", "studente", "studenci",
		"empleado", "funcionario", "dipendent", "medewerker", "pracowni", "zamestnan", "sotrudnik", "ansatte", "anstalld", "klijent", "abonent", "klant", "bruker", "utilizator", "utilizador",
		"payroll", "payslip", "salar", "misthod", "wynagrodz", "bordro",
		// Names in other scripts have no words between underscores, as a rule.
		"пользовател", "клиент", "сотрудник", "абонент", "пациент", "студент", "учащ", "зарплат", "користувач", "клієнт", "працівник", "потребител", "корисни",
		"χρηστ", "χρήστ", "πελατ", "πελάτ", "مستخدم", "عملاء", "משתמש", "לקוח", "ผู้ใช้", "ลูกค้า",
		"ユーザ", "会員", "顧客", "利用者", "社員", "従業員", "患者", "生徒", "給与", "用户", "用戶", "会员", "會員", "客户", "客戶", "员工", "員工", "学生", "學生", "工资",
		"사용자", "회원", "고객", "직원", "환자", "학생", "급여"}
	peopleWords = setOf("usr admin administrator staff kunde client person people patient student teacher author contact compte konto cuenta " +
		"passwd pwd guest player tenant operator kaiin kokyaku shain yonghu kehu yuangong hoewon gogaek sinhvien aluno eleve hasta uye kunder pelates xristes ypalliloi " +
		"wage lohn loehne gehalt gehaelter paie salaire nomina stipendi mzdy")
)

// notPeople are words that make a name with "user" or the like one of other things.
var notPeople = []string{"user_agent", "useragent", "login_fail", "login_attempt", "loginfail"}

func people(base string) bool {
	base = strings.ToLower(base) // names are in lower case as far as they are ASCII
	if holdsAny(base, notPeople) {
		return false
	}
	if holdsAny(base, peopleParts) {
		return true
	}
	for w := range strings.FieldsFuncSeq(base, func(c rune) bool { return c == '_' || c == '-' || c == ' ' || c >= '0' && c <= '9' }) {
		if peopleWords[w] || peopleWords[strings.TrimSuffix(w, "s")] {
			return true
		}
	}
	return false
}

// columnParts mark the names of columns by what they hold; the first that is part of
// the name counts.
var columnParts = []struct {
	kind  string
	parts []string
}{
	{"secret", strings.Fields("pass pwd hash token secret authentication_string salt api_key apikey private_key kennwort contrase clave senha mdp parol haslo " +
		"sifre jelszo heslo lozinka geslo salasana losenord adgangskode wachtwoord palavra_passe kodikos mat_khau matkhau anshou mima bimil " +
		"парол хеш хэш κωδικ パスワード 暗証 密码 密碼 口令 비밀번호 암호 סיסמ مرور รหัสผ่าน")},
	{"privilege", strings.Fields("_priv privilege is_admin isadmin user_level userlevel usertype superuser capabilit role group_id is_staff")},
	{"money", strings.Fields("card iban cvv cvc ccnum cc_num account_no")},
	{"contact", strings.Fields("mail phone address birth ssn passport почт телефон адрес メール 電話 住所 邮箱 电话 手机 地址 이메일 전화 주소")},
}

// notSecret are parts of names of columns that hold nothing, whatever else is in them.
var notSecret = strings.Fields("passed passenger compass passive bypass hashtag parole_ _expire _lifetime last_changed changed_at")

func columnKind(name string) string {
	name = strings.ToLower(name)
	for _, c := range columnParts {
		if holdsAny(name, c.parts) {
			if holdsAny(name, notSecret) {
				return ""
			}
			return c.kind
		}
	}
	return ""
}

// holdsAny reports whether a name has one of some parts.
func holdsAny(name string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
}

// setOf returns a set of words, apart by blanks.
func setOf(words string) map[string]bool {
	return spread(map[string]bool{strings.Join(strings.Fields(words), ", "): true})
}

// phrases splits what commas separate.
func phrases(text string) []string { return strings.Split(text, ", ") }

// spread returns a table with an entry for each of the names that a key lists, apart by
// commas.
func spread[V any](table map[string]V) map[string]V {
	each := make(map[string]V, 4*len(table))
	for names, v := range table {
		for _, n := range phrases(names) {
			each[n] = v
		}
	}
	return each
}

// noteParts mark the names that extortionists give to what they leave behind.
var noteParts = []string{"readme", "read_me", "ransom", "recover_your", "how_to_recover", "to_recover", "restore_your", "please_read", "hacked", "pwned", "your_data",
	"leia_me", "leiame", "leeme", "para_recuperar", "como_recuperar", "lisez_moi", "lisezmoi", "lies_mich", "liesmich", "leggimi"}

// noteName reports whether the name of an object is like that of a ransom note.
func noteName(name string) bool { return name == "warning" || holdsAny(name, noteParts) }
