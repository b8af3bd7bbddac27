package connection

import "fmt"

// refusals are the server's error numbers for a login that it refused to the
// account or the host: access denied, host blocked or not allowed, password
// expired, account locked.
var refusals = map[int32]bool{1044: true, 1045: true, 1129: true, 1130: true, 1251: true, 1275: true, 1698: true, 1820: true, 1862: true, 3118: true, 3955: true, 4151: true}

// Begins reports whether the connection at has one entry only.
func (t *Tracker) Begins(at uint32) bool { return t.list.At(int(at)).Entries == 1 }

// Answer takes the server's answer to the login that was observed last, of the
// connection at, for logs that hold it: 0 for success, else the error number,
// negative where the log does not hold it after all.
func (t *Tracker) Answer(at uint32, code int32) {
	c := t.list.At(int(at))
	switch {
	case code < 0:
	case code == 0:
		if c.Outcome == Pending {
			c.Outcome = Accepted
		}
	default:
		c.Outcome, c.Reason = Failed, t.texts.Intern(fmt.Sprintf("error %d", code))
		if refusals[code] {
			c.Outcome = Denied
		}
	}
}
