package suspicion

// Prior returns what weights are before a log is looked at, the same for all of a sort:
// a detection of severity high is more likely right than not by itself, a login
// that fails in one suspicious way is not yet, in two it is; what is new to an account
// or to the log is one step of several, more where it asks for something.
func Prior() Weights {
	return Weights{
		Bias: -4,
		Kinds: [Kinds]float64{
			RefusedStranger: 2, UsersTried: 3, HostsTried: 3, ManyTries: 3, NoSuchUser: 1,
			NewAccount: 1, NewNetwork: 1, NewDigest: 1, SeveralNew: 1, NewRequest: 2, StrangeRequest: 2,
			Guessing: 6, Access: 6, Injection: 6, Discovery: 6, Collection: 6, Persistence: 6, Impact: 6, Hiding: 6,
			Unlike: 1, Company: 2, Actor: 4, Learned: 4,
		},
	}
}

// fitted are the weights in use: cmd/weights, on the six logs in testdata, made them
// out of Prior.
var fitted = Weights{
	Bias: -5.20,
	Kinds: [Kinds]float64{
		RefusedStranger: 1.73, UsersTried: 3.00, HostsTried: 2.83, ManyTries: 2.88, NoSuchUser: 1.01,
		NewAccount: 0.74, NewNetwork: 0.96,
		NewDigest: 0.87, SeveralNew: 0.98, NewRequest: 1.93, StrangeRequest: 1.56,
		Guessing: 5.77, Access: 5.97, Injection: 6.09, Discovery: 5.99,
		Collection: 5.87, Persistence: 5.55, Impact: 5.76, Hiding: 5.99,
		Unlike: 0.50, Company: 2.17, Actor: 3.81, Learned: 4.00,
	},
}

// Fitted returns the weights in use.
func Fitted() Weights { return fitted }
