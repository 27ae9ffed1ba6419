// The same for releases before 1.3.0, which have no NewSession.
package main

import (
	"encoding/json"
	"os"

	"github.com/aws/aws-sdk-go/aws/session"
)

func main() {
	v, err := session.New().Config.Credentials.Get()
	if err != nil {
		json.NewEncoder(os.Stdout).Encode(map[string]string{"error": err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(map[string]string{"key": v.AccessKeyID})
}
