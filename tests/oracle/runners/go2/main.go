// Prints the key id that aws-sdk-go-v2 signs with by default, or its error.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
)

func ask() map[string]string {
	c, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	v, err := c.Credentials.Retrieve(context.Background())
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]string{"key": v.AccessKeyID}
}

func main() {
	json.NewEncoder(os.Stdout).Encode(ask())
}
