package screen

import "testing"

func TestOnlyTheLatestJobCounts(t *testing.T) {
	var idle Job
	first, one := idle.Start()
	first.Again = true
	second, two := first.Start()
	if one.Err() == nil || two.Err() != nil {
		t.Errorf("of two questions: first %v, second %v", one.Err(), two.Err())
	}
	ended := second.Stop()
	if two.Err() == nil {
		t.Error("a job that has ended keeps its context")
	}
	other, _ := Job{}.Start()
	numbers := map[int]bool{idle.Number: true}
	for _, j := range []Job{first, second, ended, other} {
		if numbers[j.Number] {
			t.Errorf("number %d is given twice", j.Number)
		}
		numbers[j.Number] = true
	}
	if idle.Running() || !first.Running() || !second.Running() || ended.Running() {
		t.Errorf("running: %v %v %v %v", idle.Running(), first.Running(), second.Running(), ended.Running())
	}
	if second.Again || ended.Again {
		t.Error("what had changed before the question is asked again after it")
	}
}
