package screentest

import "testing"

func TestLoad(t *testing.T) {
	in := Load(t)
	if in.Plain.Coverage.Rejects != 0 {
		t.Errorf("the incident has %d rejects: %v", in.Plain.Coverage.Rejects, in.Plain.Coverage.First)
	}
	if in.Labels.Count("login_attack") == 0 || in.Labels.Count("get_user_table") != 1 {
		t.Errorf("labels: %d login_attack, %d get_user_table", in.Labels.Count("login_attack"), in.Labels.Count("get_user_table"))
	}
	if in.Labelled.Random == nil || in.Plain.Isolation == nil {
		t.Error("no models")
	}
	t.Logf("%d entries, %d connections, %d templates", in.Plain.Len(), in.Plain.Connections.Len(), len(in.Plain.Templates))
}
