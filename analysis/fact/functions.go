package fact

// knownFunctions are the functions that rules ask for by name, with how much of their
// arguments matters.
var knownFunctions = spread(map[string]known{
	"do_system, raptor_udf, lib_mysqludf_sys_info, version, user, current_user, session_user, system_user, database, schema, sys_exec, sys_eval, " +
		"sys_bineval, sys_get, sys_set, name_const, row_count, connection_id, last_insert_id, found_rows, uuid, pg_sleep, xp_cmdshell, xp_regread, " +
		"xp_dirtree, sp_executesql, sp_oacreate, openrowset, utl_http.request, utl_inaddr.get_host_name, utl_inaddr.get_host_address, " +
		"dbms_pipe.receive_message, dbms_lock.sleep, drithsx.sn, xmltype, generate_series, randomblob, db_name, suser_sname, is_srvrolemember, " +
		"host_name, aes_decrypt, aes_encrypt, des_decrypt, encode, decode, compress, uncompress, group_concat, json_arrayagg, json_objectagg, " +
		"linestring, multipoint, multilinestring, multipolygon, polygon, geometrycollection, point, st_latfromgeohash, st_longfromgeohash, " +
		"st_pointfromgeohash, convert, cast, bin, oct, conv, hex, lpad, rpad, reverse, repeat": knownName,
	"load_file, extractvalue, updatexml, gtid_subset, gtid_subtract, uuid_to_bin, bin_to_uuid, json_keys, exp, floor, elt, make_set, char, chr, " +
		"unhex, ord, ascii, mid, substr, substring, left, right, if, ifnull, nullif, concat, concat_ws, master_pos_wait, is_free_lock, length, " +
		"char_length, strcmp, quote, export_set, field, find_in_set, interval, rlike, procedure, greatest, least, coalesce": knownKinds,
	"sleep, benchmark, rand, get_lock": knownZero,
})

// known is what rules ask of a function.
type known uint8

const (
	unknown    known = iota
	knownName        // whether it is called
	knownKinds       // and with arguments of which kinds
	knownZero        // and whether one of them is zero
)

// functions adds the functions that are called.
func (r *reader) functions(from, to int) {
	defines := r.in(from, keysOf(createKey)) || r.spells(from, "alter")
	for i := from; i < to; i++ {
		if !r.called(i) || r.is(i-1, asKey) || r.target(i, from) {
			continue
		}
		name := r.text(i)
		if r.is(i-1, dotKey) && i-2 >= from && r.list[i-2].kind == nameWord { // s.f
			if qualified := string(r.text(i-2)) + "." + string(name); knownFunctions[qualified] != unknown {
				r.b.Add(Functions, qualified)
			}
		}
		asked := knownFunctions[string(name)]
		if defines && asked == unknown {
			continue
		}
		r.addName(Functions, name)
		if asked >= knownKinds {
			r.call(i, to, asked == knownZero)
		}
	}
}

// target reports whether the name at i is the table of INSERT INTO t (...) or the
// like, with or without a schema.
func (r *reader) target(i, from int) bool {
	for i-2 >= from && r.is(i-1, dotKey) {
		i -= 2
	}
	if r.in(i-1, keysOf(intoKey, tableKey, insertKey, replaceKey, ignoreKey, joinKey, updateKey)) || r.spells(i-1, "references", "index", "key", "constraint") {
		return true
	}
	return r.is(i-1, withKey) || r.spells(i-1, "recursive")
}

// call adds a function with the kinds of its first three arguments.
func (r *reader) call(i, to int, zero bool) {
	from := r.b.begin(Calls)
	r.b.buf = append(append(r.b.buf, r.text(i)...), '(')
	end := min(int(r.list[i+1].end), to)
	k := i + 2
	for n := 0; n < 3; n++ {
		comma := r.seek(k, end, keysOf(commaKey))
		if n > 0 {
			r.b.buf = append(r.b.buf, ',')
		}
		r.b.buf = append(r.b.buf, r.argument(k, comma, zero)...)
		if k = comma + 1; comma == end {
			break
		}
	}
	r.b.buf = append(r.b.buf, ')')
	r.b.end(from)
}

// argument returns the kind of the argument [from, to).
func (r *reader) argument(from, to int, zero bool) string {
	from, to = r.unwrap(from, to)
	if from >= to {
		return "none"
	}
	w := &r.list[from]
	switch {
	case w.key == selectKey:
		return "select"
	case r.called(from) && r.next(from+1) == to:
		return "call"
	case to-from >= 3 && w.name() && r.tableAt(from, to) == to:
		return "column"
	case to-from == 1 && zero && w.kind == numberWord && leadingNumber(r.text(from)) == 0:
		return "zero"
	case to-from == 1 && w.kind == numberWord, to-from == 2 && w.key == signKey && r.list[from+1].kind == numberWord:
		return "number"
	case to-from != 1:
		return "expression"
	case w.kind == textWord:
		return "string"
	case w.kind == hexWord, w.kind == bitWord:
		return "hex"
	case w.key == nullKey:
		return "null"
	case w.kind == variableWord:
		return "variable"
	case w.name():
		return "column"
	}
	return "expression"
}
