package ui

import (
	"sqleuth/ui/message"
	"sqleuth/ui/overview"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// makeScreens is the one list of screens.
func makeScreens(t *theme.Theme, log screen.Log) [message.Screens]screen.Screen {
	screens := [message.Screens]screen.Screen{
		message.Overview: overview.New(t),
	}
	for i := range screens {
		if screens[i] == nil {
			screens[i] = pending{message.Screen(i)}
		}
	}
	return screens
}
