// Prints the key id that a session of aws-sdk-go signs with by default, or its error.
package main

import (
	"encoding/json"
	"os"

	"github.com/aws/aws-sdk-go/aws/session"
)

func ask() map[string]string {
	os.Unsetenv("AWS_CA_BUNDLE") // before 1.17.9, a client with a bundle of its own takes no proxy
	s, err := session.NewSession()
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	v, err := s.Config.Credentials.Get()
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]string{"key": v.AccessKeyID}
}

func main() {
	json.NewEncoder(os.Stdout).Encode(ask())
}
