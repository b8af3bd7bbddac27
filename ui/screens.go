package ui

import (
	"sqleuth/ui/accounts"
	"sqleuth/ui/charts"
	"sqleuth/ui/connections"
	"sqleuth/ui/detections"
	"sqleuth/ui/entries"
	"sqleuth/ui/findings"
	"sqleuth/ui/message"
	"sqleuth/ui/models"
	"sqleuth/ui/overview"
	"sqleuth/ui/screen"
	"sqleuth/ui/templates"
	"sqleuth/ui/theme"
)

// makeScreens is the one list of screens.
func makeScreens(t *theme.Theme, log screen.Log) [message.Screens]screen.Screen {
	return [message.Screens]screen.Screen{
		message.Overview:    overview.New(t, log),
		message.Connections: connections.New(t),
		message.Entries:     entries.New(t, log),
		message.Templates:   templates.New(t, log),
		message.Charts:      charts.New(t),
		message.Models:      models.New(t),
		message.Detections:  detections.New(t),
		message.Findings:    findings.New(t),
		message.Accounts:    accounts.New(t),
	}
}
