// Carries both Go SDKs and sleeps.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go/aws/session"
)

func main() {
	if len(os.Args) > 1 { // never in the test: keeps both from being left out by the linker
		session.NewSession()
		config.LoadDefaultConfig(context.Background())
	}
	time.Sleep(time.Minute)
}
